/**
 * C yes-or-no questions a row: sum_c (1 - p_t)^gamma (-log p_t), p_t = sigmoid(z) for the label's class, else 1 - sigmoid(z).
 * With u = -z for the label's class, else z: -log p_t = softplus(u) and log(1 - p_t) = -softplus(-u), both safe.
 */
import { indicator } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** -log p_t of every class, shape [N, C], and what it was made from. */
export function binaryCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
): { losses: tf.Tensor2D; towards: tf.Tensor2D; onehot: tf.Tensor2D } {
  const onehot = indicator(labels, logits.shape[1]);
  const towards = tf.mul<tf.Tensor2D>(logits, tf.sub(1, tf.mul(onehot, 2)));
  return { losses: tf.softplus(towards), towards, onehot };
}

/**
 * @param options.gamma >= 0; 0: plain binary cross-entropy
 * @returns losses, shape [N]
 */
export function sigmoidRows(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  { gamma }: { gamma: number },
): tf.Tensor1D {
  return tf.tidy(() => {
    const { losses, towards } = binaryCrossEntropy(logits, labels);
    if (gamma === 0) return tf.sum(losses, 1) as tf.Tensor1D;
    const modulator = tf.exp(tf.mul(tf.softplus(tf.neg(towards)), -gamma));
    return tf.sum(tf.mul(modulator, losses), 1) as tf.Tensor1D;
  });
}
