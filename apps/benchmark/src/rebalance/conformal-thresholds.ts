/**
 * What `predict --sets` needs, kept in the head's file: for each alpha of 0.01, ..., 0.5 the threshold of 1 - p of the true class,
 * marginal, from rows that the head (or the same head on other folds) was not fitted on.
 */
import { conformal } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';

export interface Thresholds {
  /** How many rows they are of. */
  readonly rows: number;
  /** Of alpha 0.01 (i + 1), [50]; null: every class is in the set. */
  readonly thresholds: readonly (number | null)[];
}

/** @param ofTruth the probability of the true class, [N] */
export function thresholdsOf(ofTruth: Float32Array): Thresholds {
  const probabilities = tf.tidy(() => {
    const p = tf.tensor1d(ofTruth);
    return tf.stack([p, tf.sub(1, p)], 1) as tf.Tensor2D; // the true class and all others
  });
  const labels = new Int32Array(ofTruth.length);
  try {
    const thresholds = Array.from({ length: 50 }, (_, i) => {
      const q = conformal(probabilities, labels, { alpha: (i + 1) / 100 }).thresholds[0]!;
      return Number.isFinite(q) ? q : null;
    });
    return { rows: ofTruth.length, thresholds };
  } finally {
    probabilities.dispose();
  }
}
