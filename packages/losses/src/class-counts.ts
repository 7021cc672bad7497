/** What losses make from n_c, the training images of each class. */
import { asCounts, extent, InputError } from '@longtail/core';

/** Counts with those of classes without images as the rarest class's: what margins and temperatures are made from. */
export function presentCounts(counts: ArrayLike<number>): Float64Array {
  const checked = asCounts(counts);
  const [least] = extent(checked.filter((n) => n > 0));
  return checked.map((n) => Math.max(n, least));
}

/**
 * Weights made from counts, 0 for a class without images, scaled to the sum C.
 *
 * @throws InputError when an option is so large that they are no numbers
 */
export function scaledWeights(counts: Float64Array, weightOf: (count: number) => number): Float32Array {
  const raw = counts.map((n) => (n === 0 ? 0 : weightOf(n)));
  const sum = raw.reduce((so, w) => so + w, 0);
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY))
    throw new InputError(
      `class weights must have a positive, finite sum, but it is ${sum}; take a smaller power of the counts.`,
    );
  return Float32Array.from(raw, (w) => (w * raw.length) / sum);
}
