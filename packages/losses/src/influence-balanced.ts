/**
 * Influence-balanced loss (Park et al. 2021): cross-entropy until `startEpoch`, then
 * mean_i w_yi l_i alpha / (||p_i - y_i||_1 ||h_i||_1 + eps), w_c ~ 1 / n_c of sum C. Reference: pseulki/IB-Loss, losses.py, which
 * lets the gradient through the divisor. ||p - onehot||_1 is 2 (1 - p_y), so the probabilities are not needed.
 */
import { asCounts, checkIntegers, checkNumbers, checkOptions, InputError } from '@longtail/core';
import { sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import { scaledWeights } from './class-counts.ts';
import { hardLabels } from './cross-entropy-rows.ts';
import type { Labels, Loss } from './loss.ts';
import { meanCrossEntropy, weightOfRows } from './mean-cross-entropy.ts';

export interface InfluenceBalancedOptions {
  readonly alpha?: number;
  /** The first epoch, from 0, that is balanced. */
  readonly startEpoch?: number;
  readonly epsilon?: number;
}

/** ||h||_1 of each row, with PyTorch's slope 0 at 0; tfjs's |x| has -1 there. */
const l1Norm = (features: tf.Tensor2D): tf.Tensor1D =>
  tf.sum(tf.add(tf.relu(features), tf.relu(tf.neg(features))), 1);

function expectFeatures(features: tf.Tensor2D | undefined, labels: Labels): tf.Tensor2D {
  if (features?.rank === 2 && features.shape[0] === labels.shape[0]) return features;
  throw new InputError(
    `influenceBalanced needs the features [${labels.shape[0]}, D] of its rows, but got ${features ? `[${features.shape}]` : 'none'}; pass { epoch, features }.`,
  );
}

/**
 * @param counts n_c, shape [C]; a class without images weighs nothing
 * @returns the loss; it needs `features` from `startEpoch` on
 * @throws InputError when a count is not an integer >= 0, or the features are missing
 * @example
 * influenceBalanced(counts)(head.logits(features), labels, { epoch, features });
 */
export function influenceBalanced(counts: ArrayLike<number>, options: InfluenceBalancedOptions = {}): Loss {
  const {
    alpha = 1000,
    startEpoch = 100,
    epsilon = 1e-3,
  } = checkOptions(options, { of: 'influenceBalanced' });
  checkNumbers({ alpha });
  checkNumbers({ epsilon }, { above: 0 });
  checkIntegers({ startEpoch }, { least: 0 });
  const weights = scaledWeights(asCounts(counts), (n) => 1 / n);
  return checkedLoss({ numClasses: weights.length }, (logits, labels, { epoch, features }) => {
    checkIntegers({ epoch }, { least: 0 });
    const hard = hardLabels(labels, { loss: 'influenceBalanced' });
    if (epoch < startEpoch) return meanCrossEntropy(logits, hard);
    const losses = sparseCrossEntropy(logits, hard);
    const error = tf.mul(tf.expm1(tf.neg(losses)), -2);
    const influence = tf.mul(error, l1Norm(expectFeatures(features, labels)));
    const balanced = tf.div(tf.mul(losses, alpha), tf.add(influence, epsilon));
    return tf.mean(tf.mul(balanced, weightOfRows(weights, hard, logits)));
  });
}
