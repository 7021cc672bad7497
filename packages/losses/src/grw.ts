/**
 * Generalised re-weighting (Zhang et al. 2021, "Distribution alignment"): weights (1 / pi_c)^rho, scaled to the sum C.
 * Reference: Megvii-BaseDetection/DisAlign, GRWCrossEntropyLoss (exp_scale). The mean is by the weights' sum.
 */
import { asCounts, checkNumbers, checkOptions } from '@longtail/core';
import { scaledWeights } from './class-counts.ts';
import type { Loss } from './loss.ts';
import { weightedCrossEntropy } from './weighted-cross-entropy.ts';

/**
 * @param counts n_c, shape [C]; a class without images weighs nothing
 * @param options.rho 0: all alike; 1: inverse of the count
 * @returns the loss; it takes soft targets
 * @throws InputError when a count is not an integer >= 0, or all are 0
 * @example
 * grw(counts, { rho: 1.2 });
 */
export function grw(counts: ArrayLike<number>, options: { rho?: number } = {}): Loss {
  const { rho = 1.2 } = checkOptions(options, { of: 'grw' });
  checkNumbers({ rho });
  const checked = asCounts(counts);
  const total = checked.reduce((sum, n) => sum + n, 0);
  return weightedCrossEntropy(scaledWeights(checked, (n) => (total / n) ** rho));
}
