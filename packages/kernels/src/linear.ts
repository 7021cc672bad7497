/**
 * A fully connected layer with its weights as PyTorch keeps them, [outputs, inputs]:  y = x W^T + b,
 *   dx = dy W,  dW = dy^T x,  db = sum_n dy_n
 * `tf.fused.matMul` makes batches of one of every matrix, which native libraries multiply by another way.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface LinearInputs {
  /** Shape [N, I]. */
  readonly x: tf.Tensor2D;
  /** Shape [O, I]. */
  readonly weight: tf.Tensor2D;
  /** Shape [O]. */
  readonly bias?: tf.Tensor1D;
}

export const Linear: KernelDefinition<LinearInputs, object> = {
  name: 'Linear',
  define: ({ x, weight, bias }) => {
    const product = tf.matMul(x, weight, false, true);
    return bias ? tf.add(product, bias) : product;
  },
};

tf.registerGradient({
  kernelName: Linear.name,
  inputsToSave: ['x', 'weight'],
  gradFunc: (dy, saved) => {
    const [slope, x, weight] = [dy, ...saved] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    return {
      x: () => tf.matMul(slope, weight),
      weight: () => tf.matMul(slope, x, true),
      bias: () => tf.sum(slope, 0),
    };
  },
});

/**
 * @param x float32, shape [N, I]
 * @param layer.weight shape [O, I]; layer.bias shape [O], none if left out
 * @returns x W^T + b, shape [N, O]
 * @throws InputError when the shapes do not fit
 */
export function linear(x: tf.Tensor2D, { weight, bias }: Omit<LinearInputs, 'x'>): tf.Tensor2D {
  const [outputs, inputs] = weight.shape;
  const fits = x.rank === 2 && weight.rank === 2 && x.shape[1] === inputs;
  if (!fits || (bias && !tf.util.arraysEqual(bias.shape, [outputs])))
    throw new InputError(
      `linear needs x [N, I], weights [O, I] and a bias [O], but got [${x.shape}], [${weight.shape}]${bias ? ` and [${bias.shape}]` : ''}.`,
    );
  return runKernel(Linear, { x, weight, ...(bias && { bias }) }, {});
}
