/** Softmax cross-entropy, the loss of every classifier in the paper: mean_i (log sum_c exp z_ic - z_i,label). */
import { sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from './loss.ts';

/**
 * @returns the loss: PyTorch's `cross_entropy`, safe for logits of any size
 * @example
 * crossEntropy()(head.logits(features), labels, { epoch });
 */
export function crossEntropy(): Loss {
  return (logits, labels) => tf.tidy(() => tf.mean(sparseCrossEntropy(logits, labels)) as tf.Scalar);
}
