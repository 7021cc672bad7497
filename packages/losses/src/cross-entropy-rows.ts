/** Cross-entropy of each row, of which most losses are made: l_i = -sum_c t_ic log softmax(z_i)_c. */
import { InputError } from '@longtail/core';
import { logSoftmax, sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Labels } from './loss.ts';

/** @throws InputError when soft targets do not have the logits' shape */
export function isSoft(labels: Labels, logits: tf.Tensor2D): labels is tf.Tensor2D {
  if (labels.rank !== 2) return false;
  if (labels.dtype !== 'float32' || !tf.util.arraysEqual(labels.shape, logits.shape))
    throw new InputError(
      `soft targets must be float32 of the logits' shape [${logits.shape}], but they are ${labels.dtype} [${labels.shape}].`,
    );
  return true;
}

/** @throws InputError for soft targets: the loss depends on the one class that is right */
export function hardLabels(labels: Labels, { loss }: { loss: string }): tf.Tensor1D {
  if (labels.rank === 1) return labels as tf.Tensor1D;
  throw new InputError(
    `${loss} needs int32 labels [N], but got soft targets [${labels.shape}]; take a loss that accepts them, such as balancedSoftmax.`,
  );
}

/**
 * @param labels hard, in one fused kernel; or soft, whose rows need not sum to 1
 * @returns losses, shape [N]
 */
export function crossEntropyRows(logits: tf.Tensor2D, labels: Labels): tf.Tensor1D {
  if (!isSoft(labels, logits)) return sparseCrossEntropy(logits, labels as tf.Tensor1D);
  return tf.tidy(() => tf.neg(tf.sum(tf.mul(labels, logSoftmax(logits)), 1)) as tf.Tensor1D);
}

/**
 * Cross-entropy with targets (1 - epsilon) t + epsilon / C, without making them.
 *
 * @param epsilon a number, or one a row, shape [N]
 * @returns losses, shape [N]
 */
export function smoothedRows(
  logits: tf.Tensor2D,
  labels: Labels,
  epsilon: number | tf.Tensor1D,
): tf.Tensor1D {
  return tf.tidy(() => {
    const uniform = tf.neg(tf.mean(logSoftmax(logits), 1));
    const own = tf.mul(crossEntropyRows(logits, labels), tf.sub(1, epsilon));
    return tf.add(own, tf.mul(uniform, epsilon)) as tf.Tensor1D;
  });
}
