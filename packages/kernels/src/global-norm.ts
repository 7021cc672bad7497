/** The Euclidean norm of a whole list of tensors together, sqrt(sum_i |x_i|^2), as torch.nn.utils.get_total_norm gives it. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';
import type { ListInputs } from './variable-lists.ts';

/** `tensor/i`. */
export type GlobalNormInputs = ListInputs;

export const GlobalNorm: KernelDefinition<GlobalNormInputs, object> = {
  name: 'GlobalNorm',
  isGradient: true,
  define: (inputs) => tf.sqrt(tf.addN(Object.values(inputs).map((tensor) => tf.sum(tf.square(tensor))))),
};

/**
 * @param tensors float32, any shapes
 * @returns a scalar
 * @throws InputError when there is no tensor
 */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  if (tensors.length === 0) throw new InputError('a norm needs at least one tensor, but got none.');
  return runKernel(GlobalNorm, Object.fromEntries(tensors.map((tensor, i) => [`tensor/${i}`, tensor])), {});
}
