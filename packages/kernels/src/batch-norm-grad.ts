/**
 * The gradients of `tf.batchNorm` in one kernel, registered by gradients.ts. With r = 1 / sqrt(variance + epsilon),
 * y = (x - mean) r scale + offset:
 *   dx = dy scale r,  dscale = sum(dy (x - mean)) r,  doffset = sum(dy),  dmean = -doffset scale r,
 *   dvariance = -dscale scale r^2 / 2
 * tfjs's own take a dozen passes over the pictures.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface BatchNormGradInputs {
  readonly dy: tf.Tensor;
  readonly x: tf.Tensor;
  /** Shape [C], or any that broadcasts to x's. */
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly scale: tf.Tensor;
}

/** Returns [dx, dscale, doffset, dmean, dvariance]. */
export const BatchNormGrad: KernelDefinition<BatchNormGradInputs, { readonly epsilon: number }> = {
  name: 'BatchNormGrad',
  isGradient: true,
  define: ({ dy, x, mean, variance, scale }, { epsilon }) => {
    const rate = tf.rsqrt(tf.add(variance, epsilon));
    const axes = tf.backend_util.getReductionAxes(mean.shape, x.shape);
    const summed = (slopes: tf.Tensor) => tf.reshape(tf.sum(slopes, axes), mean.shape);
    const normalised = tf.mul(tf.sub(x, mean), rate);
    const factor = tf.mul(scale, rate);
    const [dscale, doffset] = [summed(tf.mul(dy, normalised)), summed(dy)];
    const dvariance = tf.mul(tf.mul(dscale, tf.mul(factor, rate)), -0.5);
    return [tf.mul(dy, factor), dscale, doffset, tf.mul(doffset, tf.neg(factor)), dvariance];
  },
};

export const batchNormGradient: tf.GradConfig = {
  kernelName: tf.FusedBatchNorm,
  inputsToSave: ['x', 'mean', 'variance', 'scale'],
  gradFunc: (dy, saved, attributes) => {
    const [x, mean, variance, scale = tf.onesLike(saved[1]!)] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const epsilon = (attributes as unknown as tf.FusedBatchNormAttrs).varianceEpsilon;
    const [dx, dscale, doffset, dmean, dvariance] = runKernel<
      tf.Tensor[],
      BatchNormGradInputs,
      { epsilon: number }
    >(BatchNormGrad, { dy: dy as tf.Tensor, x, mean, variance, scale }, { epsilon });
    return {
      x: () => dx!,
      scale: () => dscale!,
      offset: () => doffset!,
      mean: () => dmean!,
      variance: () => dvariance!,
    };
  },
};
