/** Convolutions and batch norms (epsilon 1e-5, momentum 0.1: PyTorch's defaults) with their variables. */
import { batchNormTrain, conv2dGeneral, fusedConv2dGeneral } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { FeatureOptions } from './backbone.ts';
import { keptFold } from './folded.ts';
import { type FilterSize, filter, normVectors, type Variables } from './variables.ts';

/** Of a residual block: what is added before the activation. */
export type Layer = (
  x: tf.Tensor4D,
  options: FeatureOptions & { readonly residual?: tf.Tensor4D },
) => tf.Tensor4D;

type ConvSize = Omit<FilterSize, 'size'> & { readonly size?: number; readonly strides?: number };

/** A convolution without bias, its padding half of its size. */
export function conv(
  variables: Variables,
  name: string,
  { size = 3, strides = 1, groups = 1, ...channels }: ConvSize,
): Layer {
  const weight = filter(variables, name, { size, groups, ...channels });
  return (x) => conv2dGeneral(x, weight, { strides, groups, padding: (size - 1) / 2 });
}

/**
 * act(bn(conv(x)) + residual). At inference the batch norm is folded into the convolution.
 *
 * @param names the convolution's and the batch norm's
 */
export function convNorm(
  variables: Variables,
  names: { conv: string; norm: string },
  {
    size = 3,
    strides = 1,
    groups = 1,
    activation = 'relu',
    ...channels
  }: ConvSize & { readonly activation?: 'relu' | 'linear' },
): Layer {
  const weight = filter(variables, names.conv, { size, groups, ...channels });
  const norm = normVectors(variables, names.norm, channels.outputs);
  const fold = keptFold(weight, norm);
  variables.forget.push(fold.drop);
  const how = { strides, groups, padding: (size - 1) / 2 };
  const { scale, offset, mean: runningMean, variance: runningVariance } = norm;
  return (x, { training, residual }) => {
    const sum = residual && { residual };
    if (!training) return fusedConv2dGeneral(x, { ...fold.get(), ...sum }, { ...how, activation });
    fold.drop();
    const inputs = { scale, offset, runningMean, runningVariance, ...sum };
    return batchNormTrain(conv2dGeneral(x, weight, how), inputs, { activation });
  };
}

/** relu(bn(x)). */
export function normRelu(variables: Variables, name: string, channels: number): Layer {
  const { scale, offset, mean, variance } = normVectors(variables, name, channels);
  return (x, { training }) => {
    if (!training) return tf.relu(tf.batchNorm4d(x, mean, variance, offset, scale, 1e-5));
    const inputs = { scale, offset, runningMean: mean, runningVariance: variance };
    return batchNormTrain(x, inputs, { activation: 'relu' });
  };
}
