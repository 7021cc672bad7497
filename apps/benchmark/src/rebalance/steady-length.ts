/**
 * The length that features of norm 1 are given before a linear head learns from them. The largest slope of the cross-entropy's slope is
 * at most
 *   length^2 lambda / 2,   lambda the largest eigenvalue of the mean of f f^T, at most 1,
 * and descent diverges where rate x slope is above 2. Of a thousand classes lambda is a hundredth: features that are short enough for
 * lambda = 1 leave a head of ten epochs far from its minimum, rare classes first.
 */
import { normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** So many rows, evenly spread, tell a mean. */
const MOST_ROWS = 8192;
/** Rate x slope. */
const STEADY = 1.6;
/** Of the power method, which comes near from below. */
const STEPS = 30;

const norm = (vector: tf.Tensor): number => tf.sqrt(tf.sum(tf.square(vector))).dataSync()[0]!;

/** lambda of rows [N, D]; 1 where all are zeros. */
function largestEigenvalue(rows: tf.Tensor2D, seed: number): number {
  let axis = normal([rows.shape[1], 1], { seed, keys: ['steady-length'] }) as tf.Tensor2D;
  let lambda = 0;
  for (let step = 0; step < STEPS; step++) {
    axis = tf.div(axis, norm(axis));
    axis = tf.div(tf.matMul(rows, tf.matMul(rows, axis), true), rows.shape[0]) as tf.Tensor2D;
    lambda = norm(axis);
    if (lambda === 0) return 1;
  }
  return lambda;
}

/** Whatever the directions. */
export const shortLength = (rate: number): number => Math.sqrt((2 * STEADY) / rate);

/** @param rows of norm 1, shape [N, D] */
export function steadyLength(rows: tf.Tensor2D, { rate, seed }: { rate: number; seed: number }): number {
  const every = Math.ceil(rows.shape[0] / MOST_ROWS);
  const lambda = tf.tidy(() =>
    largestEigenvalue(tf.stridedSlice(rows, [0, 0], rows.shape, [every, 1]) as tf.Tensor2D, seed),
  );
  return shortLength(rate) / Math.sqrt(lambda);
}
