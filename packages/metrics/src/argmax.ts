/** The class of the largest score of each row. */
import { checkIntegers, checkLists, checkOptions, InputError, shown } from '@longtail/core';

/**
 * @param scores row by row, shape [N, C]
 * @returns classes, shape [N]; the first of equal scores, as NumPy
 * @throws InputError when C does not divide the length, or a score is NaN (with its row and class)
 */
export function argmax(scores: ArrayLike<number>, options: { numClasses: number }): Int32Array {
  const { numClasses } = checkOptions(options, { of: 'argmax' });
  checkIntegers({ numClasses });
  checkLists({ scores });
  if (scores.length % numClasses !== 0)
    throw new InputError(`argmax needs whole rows of ${numClasses} scores, but got ${scores.length} scores.`);
  const best = new Int32Array(scores.length / numClasses);
  for (let i = 0; i < scores.length; i++) {
    const [row, c] = [Math.floor(i / numClasses), i % numClasses];
    if (typeof scores[i] !== 'number' || Number.isNaN(scores[i]))
      throw new InputError(`scores must be numbers, but row ${row} has ${shown(scores[i])} for class ${c}.`);
    if (scores[i]! > scores[row * numClasses + best[row]!]!) best[row] = c;
  }
  return best;
}
