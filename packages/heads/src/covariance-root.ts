/** A matrix R with R' R the covariance of some rows: normal numbers g [m, r] times R [r, D] have just that covariance. */
import * as tf from '@tensorflow/tfjs-core';

/** Of the largest variance: a pivot that is smaller is what rounding leaves of none. */
const LEAST_PIVOT = 1e-6;

/** L of S = L L' (Cholesky), its transpose; a column of zeros where S has no rank left. */
function choleskyTransposed(covariance: ArrayLike<number>, size: number): Float32Array {
  const upper = new Float64Array(size * size); // row i is column i of L
  let most = 0;
  for (let i = 0; i < size; i++) most = Math.max(most, covariance[i * size + i]!);
  for (let i = 0; i < size; i++) {
    const row = Float64Array.from({ length: size - i }, (_, j) => covariance[i * size + i + j]!);
    for (let k = 0; k < i; k++) {
      const factor = upper[k * size + i]!;
      if (factor !== 0) for (let j = 0; j < row.length; j++) row[j]! -= factor * upper[k * size + i + j]!;
    }
    if (row[0]! <= LEAST_PIVOT * most) continue;
    const root = Math.sqrt(row[0]!);
    for (let j = 0; j < row.length; j++) upper[i * size + i + j] = row[j]! / root;
  }
  return Float32Array.from(upper);
}

/**
 * @param rows shape [n, D]
 * @returns the centred rows by the root of n - 1, or Cholesky's factor where D is smaller, shape [min(n, D), D]; zeros for one row
 */
export function covarianceRoot(rows: tf.Tensor2D): tf.Tensor2D {
  const [n, size] = rows.shape;
  if (n < 2) return tf.zeros([1, size]);
  return tf.tidy(() => {
    const centred = tf.div<tf.Tensor2D>(tf.sub(rows, tf.mean(rows, 0)), Math.sqrt(n - 1));
    if (n <= size) return centred;
    const covariance = tf.matMul(centred, centred, true, false).dataSync();
    return tf.tensor2d(choleskyTransposed(covariance, size), [size, size]);
  });
}
