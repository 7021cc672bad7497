/** The contract of every loss. */
import type * as tf from '@tensorflow/tfjs-core';

/** int32 [N], in [0, C), which is looked at but on WebGL and WebGPU; or soft targets, float32 [N, C], each row a distribution, where the loss says that it takes them. */
export type Labels = tf.Tensor1D | tf.Tensor2D;

export interface LossOptions {
  /** From 0, for losses that change as training goes on. */
  readonly epoch: number;
  /** From 0 through all epochs, for losses that draw random numbers: the same step draws the same ones. */
  readonly step?: number;
  /** h, what the logits were made from, shape [N, D], for losses that look at it. */
  readonly features?: tf.Tensor2D;
}

/**
 * @param logits z, float32, shape [N, C]
 * @param labels as {@link Labels}
 * @returns the mean over the batch, a scalar; differentiable in the logits (and in the features, where it uses them)
 */
export type Loss = (logits: tf.Tensor2D, labels: Labels, options: LossOptions) => tf.Scalar;
