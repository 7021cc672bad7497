/** Every head that this package makes, each of the same rows: what all of them are held to is asked of this table. */
import * as tf from '@tensorflow/tfjs-core';
import {
  adjustPrior,
  cosineFrom,
  crt,
  disAlign,
  ensemble,
  type FeatureBatches,
  fecam,
  gclStage2,
  type Head,
  knn,
  labelOverSmooth,
  lda,
  linearFrom,
  logisticRegression,
  lws,
  marc,
  maxNorm,
  mislas,
  ncm,
  ranpac,
  ridge,
  tauExperts,
  tauNorm,
  tde,
  trainHead,
} from '../src/index.ts';
import { adjusted, clouded, weighted } from './learned.ts';

export const DIM = 4;

/** Rows about corners of a cube, by a formula, class by class. */
export interface Problem {
  /** Shape [N, 4]. */
  readonly features: tf.Tensor2D;
  readonly labels: Int32Array;
  readonly counts: readonly number[];
  /** Weight [C, 4] of a linear head to begin from. */
  readonly weight: tf.Tensor2D;
}

/** @param order the class that each class is renamed to; default: its own number */
export function problem(counts: readonly number[], order: readonly number[] = [...counts.keys()]): Problem {
  const classes = counts.flatMap((n, c) => Array<number>(n).fill(c));
  const value = (c: number, i: number, d: number) =>
    ((c + 1) & (1 << d) ? 2 : 0) + 0.6 * Math.sin(1.7 * (i * DIM + d) + 0.3 * i * i);
  const places = order.map((_, c) => order.indexOf(c));
  const start = (c: number) => [0, 1, 2, 3].map((d) => Math.sin(0.9 * (c * DIM + d + 1)));
  return {
    features: tf.tensor2d(classes.map((c, i) => [0, 1, 2, 3].map((d) => value(c, i, d)))),
    labels: Int32Array.from(classes, (c) => order[c]!),
    counts: places.map((c) => counts[c]!),
    weight: tf.tensor2d(places.map(start)),
  };
}

export interface HeadRow {
  readonly make: (of: Problem) => Head | Promise<Head>;
  /** What a class without rows scores. */
  readonly absent: '-Infinity' | 'finite';
  /** Whether something is drawn for each class by its number, or each row by its place. */
  readonly draws?: 'a class' | 'a row';
}

const row = (make: HeadRow['make'], more: Partial<HeadRow> = {}): HeadRow => ({
  make,
  absent: 'finite',
  ...more,
});
const unlearned = (
  make: (features: tf.Tensor2D, labels: Int32Array, options: { numClasses: number }) => Head,
  more: Partial<HeadRow> = {},
) =>
  row(({ features, labels, counts }) => make(features, labels, { numClasses: counts.length }), {
    absent: '-Infinity',
    ...more,
  });

/** One batch an epoch, of all rows. */
const batchesOf =
  ({ features, labels }: Problem): FeatureBatches =>
  () => [{ features: tf.clone(features), labels: tf.tensor1d(labels, 'int32') }];

const fromJoint = (learn: (joint: Head, batches: FeatureBatches, of: Problem) => Head | Promise<Head>) =>
  row(async (of) => {
    const joint = linearFrom('joint', { weight: tf.clone(of.weight), bias: tf.zeros([of.counts.length]) });
    try {
      return await learn(joint, batchesOf(of), of);
    } finally {
      joint.dispose();
    }
  });

const rarer = (counts: readonly number[]) => weighted(counts.map((n) => (n === 0 ? 0 : 1 / n)));
const training = { epochs: 4, learningRate: 0.1 };
const logistic = ({ features, labels, counts }: Problem) =>
  logisticRegression(features, labels, { numClasses: counts.length, maxIterations: 30 });

export const EVERY_HEAD: Readonly<Record<string, HeadRow>> = {
  logistic: row(logistic),
  'logistic, adjusted': row(async (of) => adjustPrior(await logistic(of), { counts: of.counts })),
  'logistic, adjusted twice': row(async (of) => {
    const once = adjustPrior(await logistic(of), { counts: of.counts });
    return adjustPrior(once, { counts: of.counts, tau: 0.3 });
  }),
  ncm: unlearned(ncm),
  'ncm by cosine': unlearned((x, y, how) => ncm(x, y, { ...how, kind: 'l2n', distance: 'cosine' })),
  lda: unlearned(lda),
  'lda, pooled': unlearned((x, y, how) => lda(x, y, { ...how, covariance: 'pooled', shrinkage: 0.1 })),
  knn: unlearned((x, y, how) => knn(x, y, { ...how, k: 5 })),
  'knn by l2': unlearned((x, y, how) => knn(x, y, { ...how, k: 3, distance: 'l2', chunk: 7 })),
  ridge: unlearned(ridge),
  'ridge, balanced': unlearned((x, y, how) => ridge(x, y, { ...how, classWeight: 'balanced' })),
  ranpac: unlearned((x, y, how) => ranpac(x, y, { ...how, seed: 1, width: 32, chunk: 8 }), {
    draws: 'a row',
  }),
  'ranpac of an alpha': unlearned((x, y, how) => ranpac(x, y, { ...how, seed: 1, width: 32, alpha: 1 })),
  fecam: unlearned((x, y, how) => fecam(x, y, { ...how, tukey: 1 })),
  crt: row(
    (of) => crt(batchesOf(of), { ...training, featureDim: DIM, numClasses: of.counts.length, seed: 0 }),
    {
      draws: 'a class',
    },
  ),
  cosine: row(async (of) => {
    const head = cosineFrom('cosine', { weight: tf.clone(of.weight) }, { trainable: true, scale: 10 });
    await trainHead(head, batchesOf(of), { ...training, loss: adjusted(1, of.counts) });
    return head;
  }),
  normed: row(async (of) => {
    const how = { trainable: true, scale: 5, features: 'raw' } as const;
    const head = cosineFrom('normed', { weight: tf.clone(of.weight) }, how);
    await trainHead(head, batchesOf(of), training);
    return head;
  }),
  gcl: row(async (of) => {
    const joint = cosineFrom('joint', { weight: tf.clone(of.weight) });
    const loss = clouded(of.counts, { margin: 0.1, scale: 20, gamma: 1 });
    const head = await gclStage2(joint, batchesOf(of), { ...training, loss });
    joint.dispose();
    return head;
  }),
  tau: fromJoint((joint) => tauNorm(joint, { tau: 0.7 })),
  lws: fromJoint((joint, batches) => lws(joint, batches, training)),
  'lws that moves': fromJoint((joint, batches) => lws(joint, batches, { ...training, headRate: 0.1 })),
  mislas: fromJoint((joint, batches, { counts }) =>
    mislas(joint, batches, { ...training, loss: rarer(counts) }),
  ),
  marc: fromJoint((joint, batches, { counts }) => marc(joint, batches, { ...training, loss: rarer(counts) })),
  disAlign: fromJoint((joint, batches, { counts }) =>
    disAlign(joint, batches, { ...training, loss: rarer(counts) }),
  ),
  maxNorm: fromJoint((joint, batches, { counts }) =>
    maxNorm(joint, batches, { ...training, loss: rarer(counts) }),
  ),
  labelOverSmooth: fromJoint((joint, batches) => labelOverSmooth(joint, batches, training)),
  tauExperts: fromJoint((joint, batches, { counts }) =>
    tauExperts(joint, batches, { ...training, lossAt: (tau) => adjusted(tau, counts) }),
  ),
  tde: fromJoint((joint, batches) => tde(joint, batches, training)),
  'ensemble of probabilities': unlearned((x, y, how) => ensemble([lda(x, y, how), ncm(x, y, how)])),
  'ensemble of logits': unlearned((x, y, how) =>
    ensemble([ridge(x, y, how), knn(x, y, { ...how, k: 5 })], { mean: 'logits', shares: [3, 1] }),
  ),
  'ensemble in an ensemble': row(
    async (of) => {
      const how = { numClasses: of.counts.length };
      const inner = ensemble([fecam(of.features, of.labels, { ...how, tukey: 1 }), await logistic(of)]);
      return ensemble([inner, adjustPrior(ncm(of.features, of.labels, how), { counts: of.counts })]);
    },
    { absent: 'finite' },
  ),
};
