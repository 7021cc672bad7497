/** Figure 2 of the paper in numbers: ||w_c|| of a linear classifier, and how it goes with the class's training images. */
import { asCounts, checkIntegers, checkLists, checkOptions, InputError, shown } from '@longtail/core';

/** @throws InputError naming the first that is not finite */
function checkFinite(values: ArrayLike<number>, { name, of }: { name: string; of: string }): void {
  checkLists({ [name]: values });
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new InputError(`${name} must be finite, but ${of} ${i} is ${shown(values[i])}.`, { index: i });
}

/**
 * @param weights class by class, shape [C, D]
 * @returns ||w_c||_2, shape [C]
 * @throws InputError unless C divides the length, and for a weight that is not finite
 * @example
 * weightNorms([3, 4, 0, 1], { numClasses: 2 }); // [5, 1]
 */
export function weightNorms(weights: ArrayLike<number>, options: { numClasses: number }): Float64Array {
  const { numClasses } = checkOptions(options, { of: 'weightNorms' });
  checkIntegers({ numClasses }, { most: 2 ** 27 });
  checkFinite(weights, { name: 'weights', of: 'number' });
  const width = weights.length / numClasses;
  if (!Number.isInteger(width))
    throw new InputError(
      `weights must be of ${numClasses} classes, but their number ${weights.length} is no multiple of it.`,
    );
  const norms = new Float64Array(numClasses);
  for (let i = 0; i < weights.length; i++) norms[Math.floor(i / width)]! += weights[i]! ** 2;
  return norms.map(Math.sqrt);
}

/**
 * Pearson's correlation of ||w_c|| with log n_c, over the classes with images: near 1 for a joint head on a long tail,
 * near 0 where the classifier has been balanced.
 *
 * @param norms shape [C]
 * @param trainCounts n_c, shape [C]
 * @returns in [-1, 1]; null where all norms, or all counts, are equal
 * @throws InputError for a norm that is not finite, a count that is none, or other lengths
 */
export function normCountCorrelation(
  norms: ArrayLike<number>,
  trainCounts: ArrayLike<number>,
): number | null {
  checkFinite(norms, { name: 'norms', of: 'class' });
  const counts = asCounts(trainCounts);
  if (counts.length !== norms.length)
    throw new InputError(
      `there must be a norm a class, but there are ${norms.length} norms and ${counts.length} counts.`,
    );
  const classes = Array.from(counts.keys()).filter((c) => counts[c]! > 0);
  return pearson(
    classes.map((c) => norms[c]!),
    classes.map((c) => Math.log(counts[c]!)),
  );
}

function pearson(xs: readonly number[], ys: readonly number[]): number | null {
  const centred = (values: readonly number[]) => {
    const middle = values.reduce((a, b) => a + b, 0) / values.length;
    return values.map((value) => value - middle);
  };
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((so, x, i) => so + x * b[i]!, 0);
  const isConstant = [xs, ys].some((values) => values.every((value) => value === values[0]));
  if (isConstant) return null;
  const [x, y] = [centred(xs), centred(ys)];
  return Math.max(-1, Math.min(1, dot(x, y) / Math.sqrt(dot(x, x)) / Math.sqrt(dot(y, y))));
}
