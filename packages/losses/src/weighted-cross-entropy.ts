/**
 * Cross-entropy with a weight a class: sum_i w_yi l_i / sum_i w_yi. Reference: PyTorch's `cross_entropy(weight=...)`, which
 * divides by the weights' sum, so that only their proportions count.
 */
import { InputError } from '@longtail/core';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';

/** @throws InputError naming the first weight that is negative, infinite or NaN */
export function checkedWeights(weights: ArrayLike<number>): Float32Array {
  const checked = Float32Array.from(weights);
  const wrong = checked.findIndex((weight) => !(Number.isFinite(weight) && weight >= 0));
  if (wrong >= 0)
    throw new InputError(
      `weights must be finite and >= 0, but the weight of class ${wrong} is ${checked[wrong]}.`,
    );
  return checked;
}

/**
 * @param weights w_c >= 0, shape [C]
 * @returns the loss; it takes soft targets
 * @throws InputError when a weight is negative, infinite or NaN
 * @example
 * weightedCrossEntropy(effectiveNumberWeights(counts, { beta: 0.999 }));
 */
export function weightedCrossEntropy(weights: ArrayLike<number>): Loss {
  const checked = checkedWeights(weights);
  return (logits, labels) => meanCrossEntropy(logits, labels, checked);
}
