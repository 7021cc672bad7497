/**
 * Experts of several priors that train one trunk together (Aimar et al., CVPR 2023, "Balanced product of calibrated experts"): a linear
 * head each, whose loss is the logit-adjusted one at a tau of its own,
 *   L = 1/K sum_k CE(W_k f + b_k + tau_k log pi, y),  tau_k = 0, 1, ..., K - 1
 * They answer together by the mean of their log-probabilities, whose order is that of their mean logits: one linear head afterwards.
 * Reference: emasa/BalPoE-CalibratedLT, model/loss.py, BSExpertLoss.
 */
import { ensemble, type Head, linearHead } from '@longtail/heads';
import { type Loss, logitAdjusted } from '@longtail/losses';
import * as tf from '@tensorflow/tfjs-core';

export interface Experts {
  /** Logits are the mean of the experts'; it trains all of them. */
  readonly joint: Head;
  /** @param counts n_c, shape [C]. The loss looks at the features alone. */
  readonly makeLoss: (counts: Int32Array) => Loss;
}

export function experts({
  count,
  ...size
}: {
  count: number;
  featureDim: number;
  numClasses: number;
  seed: number;
}): Experts {
  const members = Array.from({ length: count }, (_, k) => linearHead({ ...size, name: `expert ${k}` }));
  const together = ensemble(members, { mean: 'logits', name: 'experts' });
  return {
    joint: { ...together, trainable: members.flatMap(({ trainable }) => trainable) },
    makeLoss(counts) {
      const losses = members.map((_, tau) => logitAdjusted(counts, { tau }));
      return (_, labels, options) =>
        tf.tidy(() => {
          const all = members.map((one, k) => losses[k]!(one.logits(options.features!), labels, options));
          return tf.div(tf.addN(all), count);
        });
    },
  };
}

/** Of each array of the experts' weights, by their names `0.weight`, `1.weight`, ...: the mean, as {@link Experts.joint} has its logits. */
export function meanOfExperts(all: readonly Float32Array[]): Float32Array {
  return all[0]!.map((_, i) => all.reduce((sum, values) => sum + values[i]!, 0) / all.length);
}
