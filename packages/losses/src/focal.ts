/**
 * Focal loss (Lin et al. 2017, eq. 5): mean_i w_yi (1 - p_i)^gamma (-log p_i), p_i the probability of the label BEFORE any
 * weight, the mean by N. softmax: kaidic/LDAM-DRW, losses.py (which takes p after the weights); sigmoid: the sum over C
 * yes-or-no questions, BagofTricks-LT, focal_loss.py.
 */
import { checkNumbers, checkOneOf, checkOptions } from '@longtail/core';
import { sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import { hardLabels } from './cross-entropy-rows.ts';
import type { Loss } from './loss.ts';
import { weightOfRows } from './mean-cross-entropy.ts';
import { sigmoidRows } from './sigmoid-rows.ts';
import { givenWeights } from './weighted-cross-entropy.ts';

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
export function focal(options: FocalOptions = {}): Loss {
  const { gamma = 2, weights, form = 'softmax' } = checkOptions(options, { of: 'focal' });
  checkNumbers({ gamma }, { least: 0 });
  checkOneOf({ form }, ['softmax', 'sigmoid']);
  const perLabel = givenWeights(weights);
  const rowsOf = form === 'softmax' ? softmaxRows : sigmoidRows;
  return checkedLoss({ numClasses: perLabel?.length }, (logits, labels) => {
    const hard = hardLabels(labels, { loss: 'focal' });
    const rows = rowsOf(logits, hard, { gamma });
    return tf.mean(perLabel ? tf.mul(rows, weightOfRows(perLabel, hard, logits)) : rows);
  });
}
