/** Cross-entropy of each row, of which most losses are made: l_i = -sum_c t_ic log softmax(z_i)_c. */
import { InputError } from '@longtail/core';
import { smoothedCrossEntropy, softCrossEntropy, sparseCrossEntropy } from '@longtail/kernels';
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
 * One fused kernel, where the backend has it.
 *
 * @param labels hard or soft; soft rows need not sum to 1
 * @returns losses, shape [N]
 */
export function crossEntropyRows(logits: tf.Tensor2D, labels: Labels): tf.Tensor1D {
  return isSoft(labels, logits)
    ? softCrossEntropy(logits, labels)
    : sparseCrossEntropy(logits, labels as tf.Tensor1D);
}

/**
 * Cross-entropy with targets (1 - epsilon) t + epsilon / C; those of labels are never made.
 *
 * @param epsilon in [0, 1]
 * @returns losses, shape [N]
 */
export function smoothedRows(logits: tf.Tensor2D, labels: Labels, epsilon: number): tf.Tensor1D {
  return tf.tidy(() => {
    const [n, numClasses] = logits.shape;
    if (!isSoft(labels, logits))
      return smoothedCrossEntropy(logits, labels as tf.Tensor1D, tf.fill([n], epsilon));
    const targets = tf.add(tf.mul(labels, 1 - epsilon), epsilon / numClasses) as tf.Tensor2D;
    return softCrossEntropy(logits, targets);
  });
}
