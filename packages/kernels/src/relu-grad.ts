/**
 * ReLU's gradient from its output: dx = dy where y > 0, else 0. tfjs has five operations for it, and keeps the
 * input alive; this is `tf.relu`'s instead (gradients.ts).
 */
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface ReluGradInputs {
  readonly dy: tf.Tensor;
  readonly y: tf.Tensor;
}

export const ReluGrad: KernelDefinition<ReluGradInputs, object> = {
  name: 'ReluGrad',
  isGradient: true,
  define: ({ dy, y }) => tf.mul(dy, tf.step(y)),
};

/**
 * @param dy gradient of relu's output, any shape
 * @param y relu's output, the same shape
 * @returns gradient of relu's input, the same shape
 */
export function reluGrad<T extends tf.Tensor>(dy: T, y: T): T {
  return runKernel(ReluGrad, { dy, y }, {});
}

export const reluGradient: tf.GradConfig = {
  kernelName: tf.Relu,
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({ x: () => reluGrad(dy as tf.Tensor, y!) }),
};
