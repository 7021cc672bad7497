/**
 * Cost-sensitive cross-entropy: weights (n_min / n_c)^gamma, at gamma 1 the inverse of the count (Japkowicz & Stephen 2002).
 * Reference: zhangyongshun/BagofTricks-LT, cost_sensitive_cross_entropy_loss.py, a mean by the weights' sum.
 */
import { asCounts, checkNumbers, checkOptions, extent } from '@longtail/core';
import { presentCounts, scaledWeights } from './class-counts.ts';
import type { Loss } from './loss.ts';
import { weightedCrossEntropy } from './weighted-cross-entropy.ts';

/**
 * @param counts n_c, shape [C]; a class without images weighs nothing
 * @param options.gamma 0: all alike; 0.5: square root
 * @returns the loss; it takes soft targets
 * @throws InputError when a count is not an integer >= 0, or all are 0
 * @example
 * costSensitive(counts, { gamma: 0.5 });
 */
export function costSensitive(counts: ArrayLike<number>, options: { gamma?: number } = {}): Loss {
  const { gamma = 1 } = checkOptions(options, { of: 'costSensitive' });
  checkNumbers({ gamma });
  const [least] = extent(presentCounts(counts));
  return weightedCrossEntropy(scaledWeights(asCounts(counts), (n) => (least / n) ** gamma));
}
