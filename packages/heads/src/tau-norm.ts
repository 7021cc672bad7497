/**
 * tau-normalised classifier (section 4.3; tau_norm.py): w_c / ||w_c||^tau. Nothing is learned; tau = 0 keeps the
 * joint head's weights, tau = 1 makes all norms 1. A row of zeros has no direction and stays as it is (there 0 / 0).
 */
import { checkNumbers, checkOneOf, checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Head, linearWeights } from './head.ts';
import { linearFrom } from './linear.ts';
import { rowNorms } from './row-norms.ts';

export type BiasRule = 'drop' | 'zero' | 'keep';
export const BIAS_RULES: readonly BiasRule[] = ['drop', 'zero', 'keep'];

/** Norms to a larger power are beyond float32. */
export const MOST_TAU = 10;

/** The official sweep: 0, 0.1, ..., 2. */
export const TAUS: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 10);

/**
 * @param joint a linear head, not a cosine head; it is copied, not changed
 * @param options.bias 'drop' (official code), 'zero' (RIDE: the same logits) or 'keep' (Bag of Tricks)
 * @throws InputError when the joint head is not linear, or tau not in [0, 10]
 * @example
 * tauNorm(joint, { tau: 0.7 });
 */
export function tauNorm(joint: Head, options: { tau: number; bias?: BiasRule }): Head {
  const { tau, bias = 'drop' } = checkOptions(options, { of: 'tauNorm' });
  checkNumbers({ tau }, { least: 0, most: MOST_TAU });
  checkOneOf({ bias }, BIAS_RULES);
  const { weight, bias: offset } = linearWeights(joint, { of: 'tauNorm' });
  const scaled = tf.tidy(() => tf.div(weight, tf.expandDims(divisors(weight, tau), 1)) as tf.Tensor2D);
  const kept =
    !offset || bias === 'drop' ? undefined : bias === 'keep' ? tf.clone(offset) : tf.zerosLike(offset);
  return linearFrom('tau', { weight: scaled, bias: kept as tf.Tensor1D | undefined });
}

/** ||w_c||^tau, shape [C]; 1 for a row of zeros, which stays one. */
export function divisors(weight: tf.Tensor, tau: number): tf.Tensor1D {
  const norms = tf.squeeze(rowNorms(weight), [1]);
  return tf.pow(tf.where(tf.greater(norms, 0), norms, tf.onesLike(norms)), tau) as tf.Tensor1D;
}
