/**
 * Softmax cross-entropy, the loss of every classifier in the paper: mean_i (log sum_c exp z_ic - z_i,label); with targets t
 * instead of a label, mean_i -sum_c t_ic log softmax(z_i)_c. Label smoothing (Szegedy et al. 2016, section 7) takes
 * t = (1 - e) onehot + e / C. Reference: PyTorch's `cross_entropy` and its `label_smoothing`.
 */
import { checkNumbers, checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
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
export function crossEntropy(options: { smoothing?: number } = {}): Loss {
  const { smoothing = 0 } = checkOptions(options, { of: 'crossEntropy' });
  checkNumbers({ smoothing }, { least: 0, most: 1 });
  if (smoothing === 0) return checkedLoss({}, (logits, labels) => meanCrossEntropy(logits, labels));
  return checkedLoss({}, (logits, labels) => tf.mean(smoothedRows(logits, labels, smoothing)));
}
