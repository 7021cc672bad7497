/**
 * Softmax cross-entropy, the loss of every classifier in the paper: mean_i (log sum_c exp z_ic - z_i,label); with targets t
 * instead of a label, mean_i -sum_c t_ic log softmax(z_i)_c. Label smoothing (Szegedy et al. 2016, section 7) takes
 * t = (1 - e) onehot + e / C. Reference: PyTorch's `cross_entropy` and its `label_smoothing`.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { smoothedRows } from './cross-entropy-rows.ts';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';

/**
 * @param options.smoothing e, in [0, 1]
 * @returns the loss, safe for logits of any size; it takes soft targets
 * @throws InputError when the smoothing is out of range
 * @example
 * crossEntropy()(head.logits(features), labels, { epoch });
 */
export function crossEntropy({ smoothing = 0 }: { smoothing?: number } = {}): Loss {
  if (!(smoothing >= 0 && smoothing <= 1))
    throw new InputError(`smoothing must be in [0, 1], but it is ${smoothing}.`, { smoothing });
  if (smoothing === 0) return (logits, labels) => meanCrossEntropy(logits, labels);
  return (logits, labels) => tf.tidy(() => tf.mean(smoothedRows(logits, labels, smoothing)) as tf.Scalar);
}
