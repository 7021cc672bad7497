/**
 * Batch normalisation in training (Ioffe & Szegedy, 2015), with PyTorch's meaning:
 *   y = (x - mean) / sqrt(var + epsilon) * scale + offset, over all axes but the last;
 *   running <- (1 - momentum) running + momentum batch, with the unbiased variance n / (n - 1).
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface BatchNormTrainInputs {
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly runningMean: tf.Variable<tf.Rank.R1>;
  readonly runningVariance: tf.Variable<tf.Rank.R1>;
}
export interface BatchNormTrainAttributes {
  readonly momentum: number;
  readonly epsilon: number;
}

/** Returns [y, batch mean, 1 / sqrt(batch variance + epsilon)] and moves the running statistics. */
export const BatchNormTrain: KernelDefinition<BatchNormTrainInputs, BatchNormTrainAttributes> = {
  name: 'BatchNormTrain',
  define: ({ x, scale, offset, runningMean, runningVariance }, { momentum, epsilon }) => {
    const n = x.size / x.shape.at(-1)!;
    const { mean, variance } = tf.moments(x, allButLast(x));
    const inverseDeviation = tf.rsqrt(tf.add(variance, epsilon));
    const move = (running: tf.Tensor, batch: tf.Tensor) =>
      tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum)) as tf.Tensor1D;
    runningMean.assign(move(runningMean, mean));
    runningVariance.assign(move(runningVariance, tf.mul(variance, n / (n - 1))));
    const y = tf.add(tf.mul(tf.mul(tf.sub(x, mean), inverseDeviation), scale), offset);
    return [y, mean, inverseDeviation];
  },
};

export interface BatchNormTrainGradInputs {
  readonly dy: tf.Tensor;
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor1D;
  readonly mean: tf.Tensor1D;
  readonly inverseDeviation: tf.Tensor1D;
}

/**
 * Returns [dx, dscale, doffset]. With xhat = (x - mean) / deviation and n values a channel:
 * dx = scale / deviation * (dy - sum(dy) / n - xhat sum(dy xhat) / n).
 */
export const BatchNormTrainGrad: KernelDefinition<BatchNormTrainGradInputs, BatchNormTrainAttributes> = {
  name: 'BatchNormTrainGrad',
  define: ({ dy, x, scale, mean, inverseDeviation }) => {
    const n = x.size / x.shape.at(-1)!;
    const normalised = tf.mul(tf.sub(x, mean), inverseDeviation);
    const doffset = tf.sum(dy, allButLast(x));
    const dscale = tf.sum(tf.mul(dy, normalised), allButLast(x));
    const centred = tf.sub(dy, tf.add(tf.div(doffset, n), tf.mul(normalised, tf.div(dscale, n))));
    return [tf.mul(centred, tf.mul(scale, inverseDeviation)), dscale, doffset];
  },
};

function allButLast(x: tf.Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, axis) => axis);
}

tf.registerGradient({
  kernelName: BatchNormTrain.name,
  inputsToSave: ['x', 'scale'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, [x, scale, mean, inverseDeviation], attributes) => {
    const dy = (dys as tf.Tensor[])[0]!;
    const [dx, dscale, doffset] = runKernel<tf.Tensor[], BatchNormTrainGradInputs, BatchNormTrainAttributes>(
      BatchNormTrainGrad,
      { dy, x, scale, mean, inverseDeviation } as unknown as BatchNormTrainGradInputs,
      attributes as unknown as BatchNormTrainAttributes,
    );
    return { x: () => dx!, scale: () => dscale!, offset: () => doffset! };
  },
});

/**
 * Normalises by the batch's own statistics and moves the running ones, in place.
 *
 * @param x float32, shape [..., C], more than one value a channel
 * @param inputs.scale gamma, shape [C]; inputs.offset beta, shape [C]
 * @param inputs.runningMean, inputs.runningVariance variables of shape [C], changed by the call
 * @param options.momentum the batch's share in the running statistics, PyTorch's meaning
 * @returns y, the shape of x
 * @throws InputError when there is a single value a channel: its variance is unknown
 */
export function batchNormTrain<T extends tf.Tensor>(
  x: T,
  { scale, offset, runningMean, runningVariance }: Omit<BatchNormTrainInputs, 'x'>,
  { momentum = 0.1, epsilon = 1e-5 }: Partial<BatchNormTrainAttributes> = {},
): T {
  if (x.size <= x.shape.at(-1)!)
    throw new InputError(
      `batchNormTrain needs more than one value a channel, but x has the shape [${x.shape}]; use a larger batch.`,
      { shape: x.shape },
    );
  const [y, mean, inverseDeviation] = runKernel<
    [T, tf.Tensor, tf.Tensor],
    BatchNormTrainInputs,
    BatchNormTrainAttributes
  >(BatchNormTrain, { x, scale, offset, runningMean, runningVariance }, { momentum, epsilon });
  mean.dispose();
  inverseDeviation.dispose();
  return y;
}
