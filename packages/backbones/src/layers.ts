/** Convolution, batch norm and ReLU with their variables, under PyTorch's names. */
import { batchNormTrain, conv2dGeneral, foldBatchNorm, fusedConv2dGeneral, normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** relu(bn(conv(x)) + residual). */
export type Layer = (x: tf.Tensor4D, options: { training: boolean; residual?: tf.Tensor4D }) => tf.Tensor4D;

/** Where layers put their variables as they are made. */
export interface Weights {
  readonly all: Map<string, tf.Variable>;
  readonly seed: number;
}

function add<R extends tf.Rank>(
  weights: Weights,
  name: string,
  value: tf.Tensor,
  trainable = true,
): tf.Variable<R> {
  const variable = tf.variable(value, trainable) as tf.Variable<R>;
  value.dispose();
  weights.all.set(name, variable);
  return variable;
}

/** A filter without bias, initialised normal(0, sqrt(2 / (k k Cin))) (He et al. 2015, fan in). */
function convFilter(
  weights: Weights,
  name: string,
  { size, inputs, outputs }: { size: number; inputs: number; outputs: number },
): tf.Variable<tf.Rank.R4> {
  const [seed, keys] = [weights.seed, [`${name}.weight`]];
  const deviation = Math.sqrt(2 / (size * size * inputs));
  return add(weights, `${name}.weight`, normal([size, size, inputs, outputs], { seed, keys, deviation }));
}

/**
 * A convolution, batch norm (epsilon 1e-5, momentum 0.1: PyTorch's defaults; it starts as scale 1, offset 0), the residual
 * and ReLU. At inference the batch norm is folded into the convolution.
 *
 * @param names the convolution's and the batch norm's
 */
export function convNormRelu(
  weights: Weights,
  names: { conv: string; norm: string },
  {
    inputs,
    outputs,
    size = 3,
    strides = 1,
  }: { inputs: number; outputs: number; size?: number; strides?: number },
): Layer {
  const filter = convFilter(weights, names.conv, { size, inputs, outputs });
  const vector = (key: string, value: tf.Tensor, trainable = true) =>
    add<tf.Rank.R1>(weights, `${names.norm}.${key}`, value, trainable);
  const scale = vector('weight', tf.ones([outputs]));
  const offset = vector('bias', tf.zeros([outputs]));
  const runningMean = vector('running_mean', tf.zeros([outputs]), false);
  const runningVariance = vector('running_var', tf.ones([outputs]), false);
  const how = { strides, padding: (size - 1) / 2 };
  return (x, { training, residual }) => {
    const sum = residual && { residual };
    if (training) {
      const norm = { scale, offset, runningMean, runningVariance, ...sum };
      return batchNormTrain(conv2dGeneral(x, filter, how), norm, { activation: 'relu' });
    }
    const folded = foldBatchNorm(filter, { scale, offset, mean: runningMean, variance: runningVariance });
    return fusedConv2dGeneral(x, { ...folded, ...sum }, { ...how, activation: 'relu' });
  };
}
