/**
 * The logit-adjusted loss (Menon et al. 2021, eq. 10): cross-entropy of z_c + tau log pi_c; and the same correction after
 * training (eq. 9), z_c - tau log pi_c. Reference: google-research/logit_adjustment.
 */
import { checkNumbers, checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss, checkLogits } from './checked-loss.ts';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';
import { perClass } from './per-class.ts';
import { logPrior } from './prior.ts';

function adjustment(counts: ArrayLike<number>, tau: number): Float32Array {
  checkNumbers({ tau });
  return logPrior(counts).map((log) => tau * log);
}

/**
 * @param counts n_c, shape [C]; a class without images has the share 1e-9
 * @returns the loss; it takes soft targets
 * @throws InputError when a count or tau is not a number
 * @example
 * logitAdjusted(counts, { tau: 1 });
 */
export function logitAdjusted(counts: ArrayLike<number>, options: { tau?: number } = {}): Loss {
  const { tau = 1 } = checkOptions(options, { of: 'logitAdjusted' });
  const shift = adjustment(counts, tau);
  return checkedLoss({ numClasses: shift.length }, (logits, labels) =>
    meanCrossEntropy(tf.add(logits, perClass(shift, logits)), labels),
  );
}

/**
 * Logits of a network trained with plain cross-entropy, for balanced test images.
 *
 * @param logits shape [N, C]
 * @returns z - tau log pi, shape [N, C]
 * @throws InputError as {@link logitAdjusted}
 */
export function adjustLogits(
  logits: tf.Tensor2D,
  counts: ArrayLike<number>,
  options: { tau?: number } = {},
): tf.Tensor2D {
  const { tau = 1 } = checkOptions(options, { of: 'adjustLogits' });
  const shift = adjustment(counts, tau);
  checkLogits(logits, { numClasses: shift.length });
  return tf.tidy(() => tf.sub(logits, perClass(shift, logits)));
}
