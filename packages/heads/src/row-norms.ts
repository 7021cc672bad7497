/** The length of each row. `tf.norm` raises absolute values to a power, which takes ten times as long as their squares. */
import * as tf from '@tensorflow/tfjs-core';

/** @returns shape [N, 1] of rows [N, D] */
export const rowNorms = (rows: tf.Tensor): tf.Tensor2D =>
  tf.tidy(() => tf.sqrt(tf.sum(tf.square(rows), 1, true)) as tf.Tensor2D);
