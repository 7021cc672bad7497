/**
 * A convolution with all that stands behind it at inference, in one pass: act(conv(x, filter) + bias + residual).
 * Batch norm with fixed statistics is such a bias and a scale of the filter:
 *   filter'_o = filter_o scale_o / sqrt(variance_o + epsilon),  bias'_o = offset_o - mean_o scale_o / sqrt(variance_o + epsilon)
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  type Conv2DGeneralAttributes,
  type Conv2DGeneralInputs,
  type Conv2DGeneralOptions,
  conv2dGeneral,
  convAttributes,
} from './conv2d-general.ts';
import { filterGrad, inputGrad } from './conv2d-general-grad.ts';
import { type KernelDefinition, runKernel } from './kernel.ts';
import { reluGrad } from './relu-grad.ts';

export interface FusedConv2DGeneralInputs extends Conv2DGeneralInputs {
  /** Shape [Cout]. */
  readonly bias: tf.Tensor1D;
  /** Of the shape of the result. */
  readonly residual?: tf.Tensor4D;
}
export interface FusedConv2DGeneralAttributes extends Conv2DGeneralAttributes {
  readonly activation: 'linear' | 'relu';
}

export const FusedConv2DGeneral: KernelDefinition<FusedConv2DGeneralInputs, FusedConv2DGeneralAttributes> = {
  name: 'FusedConv2DGeneral',
  define: ({ x, filter, bias, residual }, { activation, ...how }) => {
    const biased = tf.add(conv2dGeneral(x, filter, how), bias);
    const sum = residual ? tf.add(biased, residual) : biased;
    return activation === 'relu' ? tf.relu(sum) : sum;
  },
};

tf.registerGradient({
  kernelName: FusedConv2DGeneral.name,
  inputsToSave: ['x', 'filter'],
  outputsToSave: [true],
  gradFunc: (dy, [x, filter, y], attributes) => {
    const { activation, ...how } = attributes as unknown as FusedConv2DGeneralAttributes;
    const [slope, images, weights, output] = [dy, x, filter, y] as tf.Tensor4D[];
    const dz = () => (activation === 'relu' ? reluGrad(slope!, output!) : tf.clone(slope!));
    return {
      x: () => inputGrad(dz(), weights!, { ...how, shape: images!.shape }),
      filter: () => filterGrad(dz(), images!, { ...how, shape: weights!.shape }),
      bias: () => tf.sum(dz(), [0, 1, 2]),
      residual: dz,
    };
  },
});

/**
 * @param x float32, shape [N, H, W, Cin]
 * @param weights.filter shape [kh, kw, Cin / groups, Cout]; weights.bias shape [Cout]; weights.residual the result's shape
 * @returns act(conv2dGeneral(x, filter, options) + bias + residual)
 * @throws InputError when channels and groups do not fit
 * @example
 * fusedConv2dGeneral(x, foldBatchNorm(filter, { scale, offset, mean, variance }), { padding: 1, activation: 'relu' });
 */
export function fusedConv2dGeneral(
  x: tf.Tensor4D,
  { filter, bias, residual }: Omit<FusedConv2DGeneralInputs, 'x'>,
  {
    activation = 'linear',
    ...options
  }: Conv2DGeneralOptions & Partial<Pick<FusedConv2DGeneralAttributes, 'activation'>> = {},
): tf.Tensor4D {
  return runKernel(
    FusedConv2DGeneral,
    { x, filter, bias, ...(residual && { residual }) },
    { ...convAttributes(x, filter, options), activation },
  );
}

/**
 * The filter and the bias that are a convolution without bias and the batch norm behind it.
 *
 * @param filter shape [kh, kw, Cin / groups, Cout]
 * @param norm of shape [Cout] each; variance >= 0
 * @param options.epsilon PyTorch's default
 */
export function foldBatchNorm(
  filter: tf.Tensor4D,
  { scale, offset, mean, variance }: Readonly<Record<'scale' | 'offset' | 'mean' | 'variance', tf.Tensor1D>>,
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): { filter: tf.Tensor4D; bias: tf.Tensor1D } {
  return tf.tidy(() => {
    const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
    return { filter: tf.mul(filter, factor), bias: tf.sub(offset, tf.mul(mean, factor)) };
  });
}
