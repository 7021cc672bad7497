/**
 * Eigenvalues and eigenvectors of a symmetric matrix, A = V diag(w) V^T: by LAPACK's syevd in libtorch, by ml-matrix in JavaScript,
 * both in float64. Each vector has the sign that makes its largest value positive, so that all backends give the same.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { checkTensors } from './check-tensors.ts';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface SymmetricEigenInputs {
  /** Symmetric, shape [D, D]; what lies above its diagonal is not read. */
  readonly a: tf.Tensor2D;
}

/** Values [D], ascending, and vectors [D, D], one a column, of any sign. In plain JavaScript. */
export const SymmetricEigen: KernelDefinition<SymmetricEigenInputs, object> = {
  name: 'SymmetricEigen',
  define: ({ a }) => {
    const [size] = a.shape;
    const given = a.dataSync();
    const matrix = new Matrix(size, size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        matrix.set(i, j, given[i * size + j]!);
        matrix.set(j, i, given[i * size + j]!);
      }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
      assumeSymmetric: true,
    });
    const vectors = Float32Array.from(eigenvectorMatrix.to1DArray());
    return [tf.tensor1d(Float32Array.from(realEigenvalues)), tf.tensor2d(vectors, [size, size])];
  },
};

/**
 * Without a gradient.
 *
 * @param a symmetric, of finite values, shape [D, D]; what lies above its diagonal is not read
 * @returns values, ascending, shape [D]; vectors of length 1, one a column, shape [D, D]
 * @throws InputError unless it is a square matrix of finite values
 * @example
 * const { values, vectors } = symmetricEigen(covariance);
 */
export function symmetricEigen(a: tf.Tensor2D): { values: tf.Tensor1D; vectors: tf.Tensor2D } {
  checkTensors({ a }, { rank: 2, dtype: 'float32' });
  if (a.shape[0] !== a.shape[1] || a.size === 0)
    throw new InputError(`symmetricEigen needs a square matrix [D, D], but got [${a.shape}].`);
  return tf.tidy(() => {
    if (tf.sum(tf.mul(a, 0)).dataSync()[0] !== 0)
      throw new InputError('symmetricEigen needs finite values, but there is NaN or an infinity among them.');
    const [values, vectors] = runKernel<[tf.Tensor1D, tf.Tensor2D], SymmetricEigenInputs, object>(
      SymmetricEigen,
      { a },
      {},
    );
    const isUpright = tf.greaterEqual(tf.max(vectors, 0), tf.neg(tf.min(vectors, 0)));
    return { values, vectors: tf.where(isUpright, vectors, tf.neg(vectors)) as tf.Tensor2D };
  });
}
