/** pi_c = n_c / N, the share of each class in the training set. */
import { asCounts } from '@longtail/core';

/** The share of a class without images, so that its logarithm is a number. */
export const LEAST_PRIOR = 1e-9;

/**
 * @param counts n_c, shape [C]
 * @returns log max(pi_c, 1e-9), shape [C]
 */
export function logPrior(counts: ArrayLike<number>): Float32Array {
  const checked = asCounts(counts);
  const total = checked.reduce((sum, n) => sum + n, 0);
  return Float32Array.from(checked, (n) => Math.log(Math.max(n / total, LEAST_PRIOR)));
}
