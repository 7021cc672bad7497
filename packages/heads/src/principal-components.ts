/**
 * Principal components (Pearson 1901): the directions in which features vary most, eigenvectors of their covariance,
 *   sum_n (f_n - m)(f_n - m)^T / (N - 1) = V diag(w) V^T;   (f - m) V_k keeps most of f's spread in k numbers
 * Reference: scikit-learn's PCA, whose signs these are, too: the largest value of a component is positive.
 */
import { checkIntegers, checkOptions, InputError } from '@longtail/core';
import { checkTensors, symmetricEigen } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { gram } from './gram.ts';
import { checkFinite } from './training-set.ts';

/** The caller's tensors. */
export interface PrincipalComponents {
  /** m, shape [D]. */
  readonly mean: tf.Tensor1D;
  /** V_k^T, one a row, shape [K, D]. */
  readonly components: tf.Tensor2D;
  /** w, the spread along each, descending, shape [K]. */
  readonly variances: tf.Tensor1D;
}

/**
 * @param features shape [N, D], N >= 2
 * @param options.components K, at most N and D
 * @throws InputError when there are too few rows or too many components, or naming the first row that is not finite
 * @example
 * const { mean, components } = principalComponents(features, { components: 64 });
 * const seen = tf.matMul(tf.sub(features, mean), components, false, true);
 */
export function principalComponents(
  features: tf.Tensor2D,
  options: { components: number },
): PrincipalComponents {
  const { components } = checkOptions(options, { of: 'principalComponents' });
  checkTensors({ features }, { rank: 2 });
  const [total, size] = features.shape;
  if (total < 2)
    throw new InputError(`principalComponents needs two rows of features or more, but got ${total}.`);
  checkIntegers({ components }, { most: Math.min(total, size) });
  checkFinite(features);
  return tf.tidy(() => {
    const mean = tf.mean<tf.Tensor1D>(features, 0);
    const centred = (start: number, count: number) =>
      tf.sub<tf.Tensor2D>(tf.slice(features, [start, 0], [count, size]), mean);
    const { values, vectors } = symmetricEigen(tf.div(gram(centred, { total }), total - 1));
    const last = size - components; // ascending there
    const chosen = tf.reverse(tf.slice(vectors, [0, last], [size, components]), 1);
    const variances = tf.relu(tf.reverse(tf.slice(values, last, components), 0)); // rounding may leave them below 0
    return { mean, components: tf.transpose(chosen) as tf.Tensor2D, variances: variances as tf.Tensor1D };
  });
}
