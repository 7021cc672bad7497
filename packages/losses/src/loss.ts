/** The contract of every loss. */
import type * as tf from '@tensorflow/tfjs-core';

/**
 * @param logits z, float32, shape [N, C]
 * @param labels int32, shape [N], in [0, C)
 * @param options.epoch from 0, for losses that change as training goes on
 * @returns the mean over the batch, a scalar
 */
export type Loss = (logits: tf.Tensor2D, labels: tf.Tensor1D, options: { epoch: number }) => tf.Scalar;
