/**
 * The mean that PyTorch's `cross_entropy` takes: sum_i w_yi l_i / sum_i w_yi, by the weights' sum (tfjs divides by their
 * number). Soft targets: sum_ic w_c t_ic (-log p_ic) / sum_ic w_c t_ic, the same for one-hot rows; PyTorch divides those by N.
 */
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropyRows, isSoft } from './cross-entropy-rows.ts';
import type { Labels } from './loss.ts';
import { perClass } from './per-class.ts';

/** A batch whose classes all weigh nothing costs nothing. */
const LEAST_SUM = 1e-30;

/** w_yi, shape [N]. */
export function weightOfRows(weights: Float32Array, labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.gather(perClass(weights, logits), labels));
}

/** What a sum of weighted losses is divided by: the sum of the weights, as in PyTorch, or N, as in TensorFlow. */
export type Divisor = 'weights' | 'count';

/** @param weights one a class, >= 0; absent: all alike */
export function meanCrossEntropy(
  logits: tf.Tensor2D,
  labels: Labels,
  weights?: Float32Array,
  { divisor = 'weights' }: { divisor?: Divisor } = {},
): tf.Scalar {
  return tf.tidy(() => {
    if (!weights) return tf.mean(crossEntropyRows(logits, labels)) as tf.Scalar;
    const { losses, own } = weightedRows(logits, labels, weights);
    return divisor === 'count' ? tf.mean(losses) : byWeight(tf.sum(losses), tf.sum(own));
  });
}

/** Weighted losses, shape [N], and what they weigh, shape [N] or [N, C]. */
function weightedRows(
  logits: tf.Tensor2D,
  labels: Labels,
  weights: Float32Array,
): { losses: tf.Tensor; own: tf.Tensor } {
  if (isSoft(labels, logits)) {
    const own = tf.mul<tf.Tensor2D>(labels, perClass(weights, logits));
    return { losses: crossEntropyRows(logits, own), own };
  }
  const own = weightOfRows(weights, labels as tf.Tensor1D, logits);
  return { losses: tf.mul(crossEntropyRows(logits, labels), own), own };
}

export const byWeight = (total: tf.Tensor, weight: tf.Tensor): tf.Scalar =>
  tf.div(total, tf.maximum(weight, LEAST_SUM)) as tf.Scalar;
