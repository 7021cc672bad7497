/** The class of the largest score of each row. */
import { checkIntegers, checkLists, checkOptions, InputError, shown } from '@longtail/core';
import { argmaxKernel } from './argmax-kernel.ts';

/**
 * @param scores row by row, shape [N, C]; a Float32Array is looked through sixteen scores at a time
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
  const isDone = scores instanceof Float32Array && argmaxKernel(scores, { numClasses, into: best });
  if (!isDone)
    for (let row = 0; row < best.length; row++) best[row] = argmaxOfRow(scores, { row, numClasses });
  const wrong = best.indexOf(-1);
  if (wrong >= 0) argmaxOfRow(scores, { row: wrong, numClasses }); // says which class it is
  return best;
}

function argmaxOfRow(
  scores: ArrayLike<number>,
  { row, numClasses }: { row: number; numClasses: number },
): number {
  const start = row * numClasses;
  let best = start;
  for (let i = start; i < start + numClasses; i++) {
    if (typeof scores[i] !== 'number' || Number.isNaN(scores[i]))
      throw new InputError(
        `scores must be numbers, but row ${row} has ${shown(scores[i])} for class ${i - start}.`,
        { row, class: i - start, score: scores[i] },
      );
    if (scores[i]! > scores[best]!) best = i;
  }
  return best - start;
}
