/**
 * Label-distribution-aware margins (Cao et al. 2019, section 3.2): m_c = max_m n_c^(-1/4) / max_k n_k^(-1/4), cross-entropy of
 * s (z_c - m_c [c = label]). The logits are cosines of normalised weights and features, without a bias. Reference:
 * kaidic/LDAM-DRW, losses.py.
 */
import { checkNumbers, checkOptions, extent } from '@longtail/core';
import { indicator } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import { presentCounts } from './class-counts.ts';
import { hardLabels } from './cross-entropy-rows.ts';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';
import { perClass } from './per-class.ts';
import { givenWeights } from './weighted-cross-entropy.ts';

export interface LdamOptions {
  /** max_m; the paper: 0.5, iNaturalist 0.3. */
  readonly maxMargin?: number;
  /** s. */
  readonly scale?: number;
  /** w_c >= 0, shape [C]; the mean is by their sum. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** m_c, shape [C]; a class without images has the rarest one's. @throws InputError for a bad count or maxMargin */
export function ldamMargins(counts: ArrayLike<number>, options: { maxMargin?: number } = {}): Float32Array {
  const { maxMargin = 0.5 } = checkOptions(options, { of: 'ldamMargins' });
  checkNumbers({ maxMargin });
  const present = presentCounts(counts);
  const [least] = extent(present);
  return Float32Array.from(present, (n) => maxMargin * (least / n) ** 0.25);
}

/**
 * @param counts n_c, shape [C]
 * @returns the loss of cosine logits in [-1, 1]; for LDAM-DRW see {@link drw}
 * @throws InputError when a count is not an integer >= 0, or a weight negative
 * @example
 * drw(counts, (weights) => ldam(counts, { weights }));
 */
export function ldam(counts: ArrayLike<number>, options: LdamOptions = {}): Loss {
  const { maxMargin = 0.5, scale = 30, weights } = checkOptions(options, { of: 'ldam' });
  checkNumbers({ scale });
  const margins = ldamMargins(counts, { maxMargin });
  const perLabel = givenWeights(weights);
  return checkedLoss({ numClasses: margins.length }, (logits, labels) => {
    const own = indicator(hardLabels(labels, { loss: 'ldam' }), margins.length);
    const shifted = tf.sub(logits, tf.mul(own, perClass(margins, logits)));
    return meanCrossEntropy(tf.mul(shifted, scale), labels, perLabel);
  });
}
