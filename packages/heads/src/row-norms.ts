/** The length of each row. `tf.norm` raises absolute values to a power, which takes ten times as long as their squares. */
import * as tf from '@tensorflow/tfjs-core';

/** @returns shape [N, 1] of rows [N, D] */
export const rowNorms = (rows: tf.Tensor): tf.Tensor2D =>
  tf.tidy(() => tf.sqrt(tf.sum(tf.square(rows), 1, true)) as tf.Tensor2D);

/** The square of the least norm that is divided by: features of zeros give zeros, and no infinite slope. */
const LEAST_SQUARE = 1e-12;

/**
 * 1 / ||row||; its slope, -row / ||row||^3, takes one pass over the rows, those of its parts four.
 *
 * @returns shape [N, 1] of rows [N, D]; 1e6 and no slope where a norm is less than 1e-6
 */
export const inverseNorms: (rows: tf.Tensor2D) => tf.Tensor2D = tf.customGrad((rows, save) => {
  const squares = tf.sum(tf.square(rows as tf.Tensor), 1, true);
  const value = tf.rsqrt(tf.maximum(squares, LEAST_SQUARE));
  (save as tf.GradSaveFunc)([rows as tf.Tensor, squares, value]);
  const gradFunc = (slope: tf.Tensor, [x, square, inverse]: tf.Tensor[]) => {
    const isLong = tf.cast(tf.greater(square!, LEAST_SQUARE), 'float32');
    return tf.mul(x!, tf.mul(tf.mul(slope, isLong), tf.neg(tf.pow(inverse!, 3))));
  };
  return { value, gradFunc };
}) as (rows: tf.Tensor2D) => tf.Tensor2D;
