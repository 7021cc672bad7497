/** Class laws: p_c, shape [C], summing to 1. */
import { InputError } from '@longtail/core';

/**
 * @param options.over what the weights are of
 * @throws InputError when no weight is positive, or their sum is not finite
 */
export function normalised(
  weights: Float64Array,
  { over = 'classes with images' }: { over?: string } = {},
): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY))
    throw new InputError(`the weights of the ${over} must have a positive, finite sum, but it is ${sum}.`, {
      sum,
    });
  return weights.map((weight) => weight / sum);
}

/** From a weight of each class as a function of its count, which is not asked for classes without images: 0. */
export function lawOf(counts: Int32Array, weight: (count: number) => number): Float64Array {
  return normalised(Float64Array.from(counts, (n) => (n === 0 ? 0 : weight(n))));
}

/** p_c = n_c^q / sum_i n_i^q (equation 1). */
export function powerLawProbabilities(counts: Int32Array, q: number): Float64Array {
  return lawOf(counts, (n) => n ** q);
}
