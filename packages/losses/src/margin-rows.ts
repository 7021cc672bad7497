/**
 * Cross-entropy with a margin on whichever class is asked for, for all classes at once: what a mixed row costs is t_c times the cost
 * were its label c,
 *   l_c = log(exp(z_c - m) + sum_{j != c} exp(z_j)) - z_c + m = softplus(o_c - z_c + m),   o_c = log sum_{j != c} exp(z_j)
 */
import { indicator } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { detached } from './detached.ts';

/** Of a single class there are no others: exp of it is 0, and no difference with it NaN. */
const LOWEST = -1e30;

/**
 * o_c, shape [N, C]: of the largest it is summed anew, of all others the largest is in the sum, so that nothing cancels.
 *
 * @param z shape [N, C]
 */
function logSumOfOthers(z: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const isTop = detached(z, (given) => indicator(tf.argMax(given, 1) as tf.Tensor1D, z.shape[1]));
    const all = tf.logSumExp(z, 1, true);
    const p = tf.mul(tf.exp(tf.sub(z, all)), tf.sub(1, isTop));
    const withoutTop = tf.logSumExp(tf.add(z, tf.mul(isTop, LOWEST)), 1, true);
    return tf.where(
      tf.cast(isTop, 'bool'),
      tf.mul(withoutTop, tf.onesLike(z)),
      tf.add(all, tf.log1p(tf.neg(p))),
    );
  }) as tf.Tensor2D;
}

/** l_c, shape [N, C]. */
export const marginRows = (z: tf.Tensor2D, margin: number): tf.Tensor2D =>
  tf.tidy(() => tf.softplus(tf.add(tf.sub(logSumOfOthers(z), z), margin)) as tf.Tensor2D);
