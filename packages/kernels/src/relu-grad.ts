/**
 * ReLU's gradient from its output: dx = dy where y > 0, else 0. tfjs has five operations for it, and keeps the
 * input alive; importing this file gives `tf.relu` this gradient instead.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface ReluGradInputs {
  readonly dy: tf.Tensor;
  readonly y: tf.Tensor;
}

export const ReluGrad: KernelDefinition<ReluGradInputs, object> = {
  name: 'ReluGrad',
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

tf.registerGradient({
  kernelName: tf.Relu,
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({ x: () => reluGrad(dy as tf.Tensor, y!) }),
});
