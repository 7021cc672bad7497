/**
 * LADE's cross-entropy (Hong et al. 2021, "Disentangling label distribution"): cross-entropy of z_c + log(pi_c + 1e-9). Its logits,
 * without the prior, are those of balanced classes. Reference: hyperconnect/LADE, loss/PriorCELoss.py.
 */
import { asCounts } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';
import { perClass } from './per-class.ts';
import { LEAST_PRIOR } from './prior.ts';

/**
 * @param counts n_c, shape [C]
 * @returns the loss; it takes soft targets
 * @throws InputError when a count is not an integer >= 0, or all are 0
 * @example
 * ladeCrossEntropy(counts)(logits, labels, { epoch });
 */
export function ladeCrossEntropy(counts: ArrayLike<number>): Loss {
  const checked = asCounts(counts);
  const total = checked.reduce((sum, n) => sum + n, 0);
  const shift = Float32Array.from(checked, (n) => Math.log(n / total + LEAST_PRIOR));
  return checkedLoss({ numClasses: shift.length }, (logits, labels) =>
    meanCrossEntropy(tf.add(logits, perClass(shift, logits)), labels),
  );
}
