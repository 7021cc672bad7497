/**
 * Batch normalisation in training (Ioffe & Szegedy, 2015), with PyTorch's meaning:
 *   y = act((x - mean) / sqrt(var + epsilon) * scale + offset + residual), over all axes but the last;
 *   running <- (1 - momentum) running + momentum batch, with the unbiased variance n / (n - 1).
 * The sum and the activation of a residual block are part of it, so that only y has to be kept for the gradient.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';
import { isRecomputing } from './recomputing.ts';
import { reluGrad } from './relu-grad.ts';
import { sharedBatchNorm, sumOverProcesses } from './shared-batch-norm.ts';

export interface BatchNormTrainInputs {
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly runningMean: tf.Variable<tf.Rank.R1>;
  readonly runningVariance: tf.Variable<tf.Rank.R1>;
  /** Of the shape of x. */
  readonly residual?: tf.Tensor;
}
export interface BatchNormTrainAttributes {
  readonly momentum: number;
  readonly epsilon: number;
  readonly activation: 'linear' | 'relu';
}

/** Returns [y, batch mean, 1 / sqrt(batch variance + epsilon)] and moves the running statistics. */
export const BatchNormTrain: KernelDefinition<BatchNormTrainInputs, BatchNormTrainAttributes> = {
  name: 'BatchNormTrain',
  define: (
    { x, scale, offset, runningMean, runningVariance, residual },
    { momentum, epsilon, activation },
  ) => {
    const n = x.size / x.shape.at(-1)!;
    const { mean, variance } = tf.moments(x, allButLast(x));
    const inverseDeviation = tf.rsqrt(tf.add(variance, epsilon));
    const move = (running: tf.Tensor, batch: tf.Tensor) =>
      tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum)) as tf.Tensor1D;
    runningMean.assign(move(runningMean, mean));
    runningVariance.assign(move(runningVariance, tf.mul(variance, n / (n - 1))));
    const normalised = tf.add(tf.mul(tf.mul(tf.sub(x, mean), inverseDeviation), scale), offset);
    const sum = residual ? tf.add(normalised, residual) : normalised;
    return [activation === 'relu' ? tf.relu(sum) : sum, mean, inverseDeviation];
  },
};

export interface BatchNormTrainGradInputs {
  readonly dy: tf.Tensor;
  readonly y: tf.Tensor;
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor1D;
  readonly mean: tf.Tensor1D;
  readonly inverseDeviation: tf.Tensor1D;
}

/**
 * Returns [dx, dscale, doffset, dresidual]. With dz = dy past the activation (which is dresidual),
 * xhat = (x - mean) / deviation and n values a channel: dx = scale / deviation * (dz - sum(dz) / n - xhat sum(dz xhat) / n).
 */
export const BatchNormTrainGrad: KernelDefinition<BatchNormTrainGradInputs, BatchNormTrainAttributes> = {
  name: 'BatchNormTrainGrad',
  isGradient: true,
  define: ({ dy, y, x, scale, mean, inverseDeviation }, { activation }) => {
    const n = x.size / x.shape.at(-1)!;
    const dz = activation === 'relu' ? reluGrad(dy, y) : dy;
    const normalised = tf.mul(tf.sub(x, mean), inverseDeviation);
    const doffset = tf.sum(dz, allButLast(x));
    const dscale = tf.sum(tf.mul(dz, normalised), allButLast(x));
    const centred = tf.sub(dz, tf.add(tf.div(doffset, n), tf.mul(normalised, tf.div(dscale, n))));
    return [tf.mul(centred, tf.mul(scale, inverseDeviation)), dscale, doffset, tf.clone(dz)];
  },
};

function allButLast(x: tf.Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, axis) => axis);
}

tf.registerGradient({
  kernelName: BatchNormTrain.name,
  inputsToSave: ['x', 'scale'],
  outputsToSave: [true, true, true],
  gradFunc: (dys, [x, scale, y, mean, inverseDeviation], attributes) => {
    const dy = (dys as tf.Tensor[])[0]!;
    const [dx, dscale, doffset, dresidual] = runKernel<
      tf.Tensor[],
      BatchNormTrainGradInputs,
      BatchNormTrainAttributes
    >(
      BatchNormTrainGrad,
      { dy, y, x, scale, mean, inverseDeviation } as unknown as BatchNormTrainGradInputs,
      attributes as unknown as BatchNormTrainAttributes,
    );
    return { x: () => dx!, scale: () => dscale!, offset: () => doffset!, residual: () => dresidual! };
  },
});

/**
 * Normalises by the batch's own statistics and moves the running ones, in place; not where a pass is recomputed.
 * Within {@link withSharedMoments} the batch is that of all processes.
 *
 * @param x float32, shape [..., C], more than one value a channel
 * @param inputs.scale gamma, shape [C]; inputs.offset beta, shape [C]
 * @param inputs.runningMean, inputs.runningVariance variables of shape [C], changed by the call
 * @param inputs.residual added before the activation, the shape of x
 * @param options.momentum the batch's share in the running statistics, PyTorch's meaning
 * @returns y, the shape of x
 * @throws InputError when there is a single value a channel: its variance is unknown
 */
export function batchNormTrain<T extends tf.Tensor>(
  x: T,
  { scale, offset, runningMean, runningVariance, residual }: Omit<BatchNormTrainInputs, 'x'>,
  { momentum = 0.1, epsilon = 1e-5, activation = 'linear' }: Partial<BatchNormTrainAttributes> = {},
): T {
  if (x.size <= x.shape.at(-1)!)
    throw new InputError(
      `batchNormTrain needs more than one value a channel, but x has the shape [${x.shape}]; use a larger batch.`,
      { shape: x.shape },
    );
  const attributes = { momentum: isRecomputing() ? 0 : momentum, epsilon, activation };
  const sum = sumOverProcesses();
  if (sum)
    return sharedBatchNorm(
      x,
      { scale, offset, runningMean, runningVariance, ...(residual && { residual }) },
      attributes,
      sum,
    );
  const [y, mean, inverseDeviation] = runKernel<
    [T, tf.Tensor, tf.Tensor],
    BatchNormTrainInputs,
    BatchNormTrainAttributes
  >(
    BatchNormTrain,
    { x, scale, offset, runningMean, runningVariance, ...(residual && { residual }) },
    attributes,
  );
  mean.dispose();
  inverseDeviation.dispose();
  return y;
}
