/**
 * The tau-normalised head. Its bias goes, as in the official code, so the features are centred first: what a bias holds of their mean
 * is not lost, what it holds of the prior is. All taus are tried by one product of matrices.
 */
import { extent } from '@longtail/core';
import {
  centre,
  chooseTau,
  type FeatureTransform,
  type Head,
  TAUS,
  tauNorm,
  transformed,
} from '@longtail/heads';
import { evaluate } from '@longtail/metrics';
import * as tf from '@tensorflow/tfjs-core';
import { balancedTemperature } from '../balanced-temperature.ts';
import type { FitContext, Fitted, FoldRows, Rows } from '../fit-context.ts';

/** All rows of the weight have one length. */
const DEFAULT_TAU = 1;

const scoresOf = (
  base: Head,
  features: tf.Tensor2D,
  { labels, metric }: Rows & { metric: 'all' | 'meanOfClasses' },
): number[] =>
  chooseTau(base, features, {
    scoreClasses: (classes) => evaluate(classes, labels, new Int32Array(base.numClasses).fill(1))[metric],
  }).scores;

function scaledLogits(base: Head, features: tf.Tensor2D, tau: number): tf.Tensor2D {
  const head = tauNorm(base, { tau });
  try {
    return head.logits(features);
  } finally {
    head.dispose();
  }
}

export async function fitTau({
  train,
  seed,
  selection,
  folds,
  joint,
  base,
  prior,
}: FitContext): Promise<Fitted> {
  const own = joint ? undefined : await base();
  const seen = (rows: tf.Tensor2D): FeatureTransform => (joint ? [] : centre(rows));
  const metric = prior === 'train' ? 'all' : 'meanOfClasses';
  const headOf = (i: number): Head => joint ?? own!.folds[i]!;
  const held = folds.map(({ fit, held: rows }: FoldRows) => transformed(rows.features, seen(fit.features)));
  try {
    const sums = new Float64Array(TAUS.length);
    for (const [i, { held: rows }] of folds.entries())
      scoresOf(headOf(i), held[i]!, { ...rows, metric }).forEach((score, at) => {
        sums[at]! += score;
      });
    const tau = folds.length === 0 ? DEFAULT_TAU : TAUS[sums.indexOf(extent(sums)[1])]!;
    const labels = Int32Array.from(folds.flatMap(({ held: rows }) => [...rows.labels]));
    const temperature = tf.tidy(() =>
      balancedTemperature(
        held.map((rows, i) => scaledLogits(headOf(i), rows, tau)),
        labels,
        { seed },
      ),
    );
    const transform = seen(train.features);
    return {
      parts: { head: tauNorm(joint ?? own!.head, { tau }), transform, temperature },
      settings: { tau, temperature },
      select: selection.how,
    };
  } finally {
    tf.dispose(held);
  }
}
