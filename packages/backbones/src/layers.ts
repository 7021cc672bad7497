/** Convolution and batch norm with their variables, under PyTorch's names. */
import { batchNormTrain, conv2dGeneral, normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

export type Layer = (x: tf.Tensor4D, options: { training: boolean }) => tf.Tensor4D;

/** Batch norm, the residual it is added to, and ReLU: relu(bn(x) + residual). */
export type NormLayer = (
  x: tf.Tensor4D,
  options: { training: boolean; residual?: tf.Tensor4D },
) => tf.Tensor4D;

/** Where layers put their variables as they are made. */
export interface Weights {
  readonly all: Map<string, tf.Variable>;
  readonly seed: number;
}

function add(weights: Weights, name: string, value: tf.Tensor, trainable = true): tf.Variable {
  const variable = tf.variable(value, trainable);
  value.dispose();
  weights.all.set(name, variable);
  return variable;
}

/** A convolution without bias, initialised normal(0, sqrt(2 / (k k Cin))) (He et al. 2015, fan in). */
export function conv(
  weights: Weights,
  name: string,
  {
    inputs,
    outputs,
    size = 3,
    strides = 1,
  }: { inputs: number; outputs: number; size?: number; strides?: number },
): Layer {
  const deviation = Math.sqrt(2 / (size * size * inputs));
  const value = normal([size, size, inputs, outputs], {
    seed: weights.seed,
    keys: [`${name}.weight`],
    deviation,
  });
  const filter = add(weights, `${name}.weight`, value) as tf.Variable<tf.Rank.R4>;
  const padding = (size - 1) / 2;
  return (x) => conv2dGeneral(x, filter, { strides, padding });
}

/** Batch norm with ReLU behind it; epsilon 1e-5, momentum 0.1: PyTorch's defaults. Starts as scale 1, offset 0. */
export function batchNormRelu(weights: Weights, name: string, channels: number): NormLayer {
  const vector = (key: string, value: tf.Tensor, trainable = true) =>
    add(weights, `${name}.${key}`, value, trainable) as tf.Variable<tf.Rank.R1>;
  const scale = vector('weight', tf.ones([channels]));
  const offset = vector('bias', tf.zeros([channels]));
  const runningMean = vector('running_mean', tf.zeros([channels]), false);
  const runningVariance = vector('running_var', tf.ones([channels]), false);
  return (x, { training, residual }) => {
    const inputs = { scale, offset, runningMean, runningVariance, ...(residual && { residual }) };
    if (training) return batchNormTrain(x, inputs, { activation: 'relu' });
    const y = tf.batchNorm4d(x, runningMean, runningVariance, offset, scale, 1e-5);
    return tf.relu(residual ? tf.add(y, residual) : y);
  };
}
