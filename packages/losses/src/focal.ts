/**
 * Focal loss (Lin et al. 2017, eq. 5): mean_i w_yi (1 - p_i)^gamma (-log p_i), p_i the probability of the label BEFORE any
 * weight, the mean by N. softmax: kaidic/LDAM-DRW, losses.py (which takes p after the weights); sigmoid: the sum over C
 * yes-or-no questions, BagofTricks-LT, focal_loss.py.
 */
import { InputError } from '@longtail/core';
import { sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { hardLabels } from './cross-entropy-rows.ts';
import type { Loss } from './loss.ts';
import { weightOfRows } from './mean-cross-entropy.ts';
import { sigmoidRows } from './sigmoid-rows.ts';
import { checkedWeights } from './weighted-cross-entropy.ts';

export interface FocalOptions {
  /** >= 0; 0: no focus. */
  readonly gamma?: number;
  /** w_c >= 0, shape [C]. */
  readonly weights?: ArrayLike<number> | undefined;
  readonly form?: 'softmax' | 'sigmoid';
}

/** Below the least 1 - p that float32 has. With gamma < 1 the slope of 0^gamma would be infinite, and NaN in the end. */
const LEAST_DOUBT = 1e-8;

function softmaxRows(logits: tf.Tensor2D, labels: tf.Tensor1D, { gamma }: { gamma: number }): tf.Tensor1D {
  return tf.tidy(() => {
    const losses = sparseCrossEntropy(logits, labels);
    if (gamma === 0) return losses;
    const doubt = tf.maximum(tf.neg(tf.expm1(tf.neg(losses))), LEAST_DOUBT);
    return tf.mul<tf.Tensor1D>(tf.pow(doubt, gamma), losses);
  });
}

/**
 * @throws InputError when gamma is negative, or a weight negative, infinite or NaN
 * @example
 * focal({ gamma: 2, weights: effectiveNumberWeights(counts) });
 */
export function focal({ gamma = 2, weights, form = 'softmax' }: FocalOptions = {}): Loss {
  if (!(gamma >= 0)) throw new InputError(`gamma must be >= 0, but it is ${gamma}.`, { gamma });
  const perLabel = weights && checkedWeights(weights);
  const rowsOf = form === 'softmax' ? softmaxRows : sigmoidRows;
  return (logits, labels) =>
    tf.tidy(() => {
      const hard = hardLabels(labels, { loss: 'focal' });
      const rows = rowsOf(logits, hard, { gamma });
      return tf.mean(perLabel ? tf.mul(rows, weightOfRows(perLabel, hard, logits)) : rows) as tf.Scalar;
    });
}
