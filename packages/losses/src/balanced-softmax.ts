/**
 * Balanced softmax (Ren et al. 2020, section 3): cross-entropy of z_c + log n_c, that is n_c e^z_c / sum_k n_k e^z_k; the
 * logit-adjusted loss at tau 1. Reference: jiawei-ren/BalancedMetaSoftmax, loss/BalancedSoftmaxLoss.py.
 */
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';
import { perClass } from './per-class.ts';
import { logPrior } from './prior.ts';

/**
 * @param counts n_c, shape [C]; a class without images has the share 1e-9
 * @returns the loss; it takes soft targets
 * @throws InputError when a count is not an integer >= 0, or all are 0
 * @example
 * balancedSoftmax(classCounts(labels))(logits, labels, { epoch });
 */
export function balancedSoftmax(counts: ArrayLike<number>): Loss {
  const shift = logPrior(counts); // log n_c but for a constant, which softmax does not see
  return checkedLoss({ numClasses: shift.length }, (logits, labels) =>
    meanCrossEntropy(tf.add(logits, perClass(shift, logits)), labels),
  );
}
