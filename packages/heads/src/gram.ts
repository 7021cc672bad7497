/** R^T R of rows that are made chunk by chunk: one large product a chunk, and never all rows together. */
import * as tf from '@tensorflow/tfjs-core';
import { addUp } from './add-up.ts';
import { CHUNK } from './feature-rows.ts';

/**
 * @param rowsOf the rows from `start` on, shape [count, E]
 * @returns shape [E, E]
 */
export function gram(
  rowsOf: (start: number, count: number) => tf.Tensor2D,
  { total, chunk = CHUNK }: { total: number; chunk?: number },
): tf.Tensor2D {
  return addUp({ rows: total, chunk }, (start, count) => {
    const rows = rowsOf(start, count);
    return tf.matMul(rows, rows, true) as tf.Tensor2D;
  });
}

/** The diagonal of a square matrix, shape [E]. */
export function diagonalOf(a: tf.Tensor2D): tf.Tensor1D {
  const [size] = a.shape;
  return tf.tidy(() => tf.stridedSlice(tf.reshape(a, [-1]), [0], [size * size], [size + 1])) as tf.Tensor1D;
}

/** A variance below this share of the mean's square is float32's rounding of equal rows. */
export const LEAST_SPREAD = 1e-12;
