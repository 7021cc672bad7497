/** A long-tailed problem that anyone can make again; golden/learned.py makes the same. Five classes of 640, 256, 96, 31 and 1 rows. */
import * as tf from '@tensorflow/tfjs-core';
import type { FeatureBatch } from '../src/index.ts';

export const CLASSES = 5;
export const DIM = 4;
export const counts: readonly number[] = [640, 256, 96, 31, 1];
const [ROWS, BATCH] = [1024, 512];

const wave = (count: number, frequency: number) =>
  Float32Array.from({ length: count }, (_, k) => Math.sin(frequency * (k + 1)));

const sorted = counts.flatMap((n, c) => Array<number>(n).fill(c));
const labels: Int32Array = Int32Array.from(sorted, (_, i) => sorted[(i * 389) % ROWS]!);
const features: Float32Array = wave(ROWS * DIM, 0.7).map(
  (x, k) => x + (labels[Math.floor(k / DIM)] === k % DIM ? 1 : 0),
);

/** Two batches an epoch, of labels that `rename` may change. */
export const batchesOf = (
  rename: (label: number) => number = (label) => label,
): (() => Iterable<FeatureBatch>) =>
  function* () {
    for (let start = 0; start < ROWS; start += BATCH)
      yield {
        features: tf.tensor2d(features.subarray(start * DIM, (start + BATCH) * DIM), [BATCH, DIM]),
        labels: tf.tensor1d(labels.subarray(start, start + BATCH).map(rename), 'int32'),
      };
  };

/** What is begun with: weight [C, D] and bias [C]. A sixth class would have no rows. */
export const startWeights = (classes: number = CLASSES): { weight: tf.Tensor2D; bias: tf.Tensor1D } => ({
  weight: tf.tensor2d(wave(classes * DIM, 0.3), [classes, DIM]),
  bias: tf.tensor1d(wave(classes, 0.9)),
});

/** The features of the first rows, [n, D]. */
export const firstRows = (n: number): tf.Tensor2D => tf.tensor2d(features.subarray(0, n * DIM), [n, DIM]);
