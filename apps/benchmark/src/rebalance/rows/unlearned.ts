/** Heads in closed form. Each is fitted to centred features of one length, unless it says why not. */
import {
  centre,
  type FeatureTransform,
  fecam,
  knn,
  l2,
  lda,
  ncm,
  ranpac,
  ridge,
  transformed,
} from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';
import type { Settings } from '../fit-context.ts';
import type { Made, Recipe, Task } from './recipe.ts';

/** @param fit of features after the transform, which are disposed here */
function onTransformed(
  { features }: Task,
  transform: FeatureTransform,
  fit: (seen: tf.Tensor2D) => Made['head'],
): Made {
  const seen = transformed(features, transform);
  try {
    return { head: fit(seen), transform };
  } finally {
    seen.dispose();
  }
}

const values = (name: string, all: readonly number[], rest: Settings = {}): Settings[] =>
  all.map((value) => ({ [name]: value, ...rest }));

/** It centres by itself: 'cl2n', of the official code. */
export const NCM: Recipe = {
  defaults: {},
  make: ({ features, labels, numClasses }) => ({ head: ncm(features, labels, { numClasses }) }),
};

/** Shrinkage 0.3: of `lda`. */
export const LDA: Recipe = {
  defaults: { shrinkage: 0.3 },
  make: (task, { shrinkage }) =>
    onTransformed(task, [...centre(task.features), ...l2()], (seen) =>
      lda(seen, task.labels, { numClasses: task.numClasses, shrinkage: shrinkage! }),
    ),
};

/** k = 20 by cosine: DINO (Caron et al., ICCV 2021), or all where rows are fewer. Votes n_c^-0.75: of `knn`. */
export const KNN: Recipe = {
  defaults: ({ labels }) => ({ k: Math.min(20, labels.length), power: 0.75 }),
  grid: values('k', [5, 10, 20, 50], { power: 0.75 }),
  make: (task, { k, power }) =>
    onTransformed(task, centre(task.features), (seen) =>
      knn(seen, task.labels, {
        numClasses: task.numClasses,
        k: Math.min(k!, task.labels.length),
        power: power!,
      }),
    ),
};

/** alpha = 1: scikit-learn's. Rows weigh N / (C n_c): without, a rare class is never answered. */
export const RIDGE: Recipe = {
  defaults: { alpha: 1 },
  grid: values('alpha', [0.1, 1, 10, 100]),
  make: (task, { alpha }) =>
    onTransformed(task, [...centre(task.features), ...l2()], (seen) =>
      ridge(seen, task.labels, { numClasses: task.numClasses, alpha: alpha!, classWeight: 'balanced' }),
    ),
};

/** 2,000 neurons: its 10,000 take 1.2 GB, and 25 times as long. alpha = 1: its own is chosen by held-out rows. */
export const RANPAC: Recipe = {
  defaults: { alpha: 1, width: 2000 },
  grid: values('alpha', [0.01, 0.1, 1, 10, 100], { width: 2000 }),
  make: (task, { alpha, width }) =>
    onTransformed(task, [...centre(task.features), ...l2()], (seen) =>
      ranpac(seen, task.labels, {
        ...{ numClasses: task.numClasses, seed: task.seed, classWeight: 'balanced' },
        ...{ alpha: alpha!, width: width! },
      }),
    ),
};

const isPositive = (features: tf.Tensor2D): boolean => tf.tidy(() => tf.min(features).dataSync()[0]! >= 0);

/**
 * Features as they are, because it takes their root: t = 0.5, a = b = 3, the official ones of CIFAR-100; where some are below 0
 * t = 1, a = 1, b = 0, those of its transformers.
 */
export const FECAM: Recipe = {
  defaults: ({ features }) =>
    isPositive(features)
      ? { tukey: 0.5, diagonal: 3, offDiagonal: 3 }
      : { tukey: 1, diagonal: 1, offDiagonal: 0 },
  make: ({ features, labels, numClasses }, { tukey, diagonal, offDiagonal }) => ({
    head: fecam(features, labels, {
      ...{ numClasses, tukey: tukey! },
      diagonal: diagonal!,
      offDiagonal: offDiagonal!,
    }),
  }),
};
