/** Sums and means of features by class, chunk by chunk: a one-hot matrix of all labels takes 14 GB for iNaturalist. */
import * as tf from '@tensorflow/tfjs-core';
import { addUp } from './add-up.ts';
import { CHUNK, type Features, sliceOf } from './feature-rows.ts';
import type { TrainingSet } from './training-set.ts';

/** What is summed of a few rows, [n, D] to [n, E]. */
export type SeenRows = (rows: tf.Tensor2D) => tf.Tensor2D;

/** Half as many rows as there are sums to add up; otherwise few, since float32 loses digits of a long sum. */
const chunkOf = (numClasses: number): number => Math.min(CHUNK, Math.max(256, Math.ceil(numClasses / 2)));

/**
 * @param rowsOf the rows from `start` on, shape [count, E]
 * @param labels of all rows, at least one
 * @returns the sum of the rows of each class, zeros for a class without rows, shape [C, E]
 */
export function classSums(
  rowsOf: (start: number, count: number) => tf.Tensor2D,
  labels: Int32Array,
  { numClasses, chunk = chunkOf(numClasses) }: { numClasses: number; chunk?: number },
): tf.Tensor2D {
  return addUp({ rows: labels.length, chunk }, (start, count) => {
    const rows = tf.tidy(() => rowsOf(start, count));
    const places = tf.tensor2d(labels.subarray(start, start + count), [count, 1], 'int32');
    return tf.scatterND(places, rows, [numClasses, rows.shape[1]]) as tf.Tensor2D;
  });
}

/** The mean of what is seen of each class's rows, zeros for a class without one, shape [C, E]. */
export function classMeans(
  features: Features,
  { labels, counts }: TrainingSet,
  { seen = (rows) => rows, chunk = chunkOf(counts.length) }: { seen?: SeenRows; chunk?: number } = {},
): tf.Tensor2D {
  const numClasses = counts.length;
  const shares = Float32Array.from(counts, (n) => 1 / Math.max(n, 1));
  return tf.tidy(() => {
    const rowsOf = (start: number, count: number) => seen(sliceOf(features, start, count));
    return tf.mul(classSums(rowsOf, labels, { numClasses, chunk }), tf.tensor2d(shares, [numClasses, 1]));
  });
}
