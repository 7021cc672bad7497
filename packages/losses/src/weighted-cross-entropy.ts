/**
 * Cross-entropy with a weight a class: sum_i w_yi l_i / sum_i w_yi. Reference: PyTorch's `cross_entropy(weight=...)`, which
 * divides by the weights' sum, so that only their proportions count.
 */
import { checkWeights } from '@longtail/core';
import { checkedLoss } from './checked-loss.ts';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';

/** A copy of weights, where they are given. @throws InputError naming the first that is negative, infinite or NaN */
export function givenWeights(weights: ArrayLike<number> | undefined): Float32Array | undefined {
  if (weights === undefined) return undefined;
  checkWeights({ weights });
  return Float32Array.from(weights);
}

/**
 * @param weights w_c >= 0, shape [C]
 * @returns the loss; it takes soft targets
 * @throws InputError when a weight is negative, infinite or NaN
 * @example
 * weightedCrossEntropy(effectiveNumberWeights(counts, { beta: 0.999 }));
 */
export function weightedCrossEntropy(weights: ArrayLike<number>): Loss {
  checkWeights({ weights });
  const checked = Float32Array.from(weights);
  return checkedLoss({ numClasses: checked.length }, (logits, labels) =>
    meanCrossEntropy(logits, labels, checked),
  );
}
