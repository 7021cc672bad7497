/**
 * Batch normalisation by the moments of a batch that several processes have a part of each, as PyTorch's SyncBatchNorm:
 * sums over the processes in the forward pass (n and sum x, then sum (x - mean)^2) and in the backward pass (sum dz and
 * sum dz xhat). The formulas are those of batch-norm-train.ts, with n of all processes. Gradients of scale and offset are the own part's.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormTrainAttributes, BatchNormTrainInputs } from './batch-norm-train.ts';
import { reluGrad } from './relu-grad.ts';

/** Makes of the numbers of this process, in place, their sums over all processes; all call it alike. */
export type SumOverProcesses = (numbers: Float64Array) => void;

let summing: SumOverProcesses | undefined;

/** What batch norms in training sum by, while {@link withSharedMoments} runs. */
export const sumOverProcesses = (): SumOverProcesses | undefined => summing;

/**
 * Runs forward and backward passes whose batch norms see the parts of all processes.
 *
 * @example
 * withSharedMoments((numbers) => group.reduceArrays([numbers]), () => optimizer.minimize(loss, { learningRate, exchange }));
 */
export function withSharedMoments<T>(sum: SumOverProcesses, run: () => T): T {
  const before = summing;
  summing = sum;
  try {
    return run();
  } finally {
    summing = before;
  }
}

/** Sums a channel of a part, then over the processes. */
function channelSums(
  sum: SumOverProcesses,
  ofPart: readonly tf.Tensor[],
  more: readonly number[] = [],
): number[][] {
  const parts = [...ofPart.map((one) => [...one.dataSync()]), [...more]];
  const numbers = Float64Array.from(parts.flat());
  sum(numbers);
  let end = 0;
  return parts.map(({ length }) => {
    end += length;
    return Array.from(numbers.subarray(end - length, end));
  });
}

export function sharedBatchNorm<T extends tf.Tensor>(
  x: T,
  { scale, offset, runningMean, runningVariance, residual }: Omit<BatchNormTrainInputs, 'x'>,
  { momentum, epsilon, activation }: BatchNormTrainAttributes,
  sum: SumOverProcesses,
): T {
  const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
  const ofChannel = (values: number[]): tf.Tensor1D => tf.tensor1d(values, 'float32');
  const move = (running: tf.Variable<tf.Rank.R1>, batch: tf.Tensor): void =>
    running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum)));

  function forward(): { y: tf.Tensor; mean: tf.Tensor1D; rate: tf.Tensor1D; n: number } {
    const [sums, count] = channelSums(sum, [tf.sum(x, axes)], [x.size / x.shape.at(-1)!]) as [
      number[],
      number[],
    ];
    const n = count[0]!;
    const mean = ofChannel(sums.map((one) => one / n));
    const [squares] = channelSums(sum, [tf.sum(tf.square(tf.sub(x, mean)), axes)]) as [number[]];
    const variance = ofChannel(squares.map((one) => one / n));
    move(runningMean, mean);
    move(runningVariance, tf.mul(variance, n / (n - 1)));
    const rate = tf.rsqrt(tf.add(variance, epsilon)) as tf.Tensor1D;
    const normalised = tf.add(tf.mul(tf.mul(tf.sub(x, mean), rate), scale), offset);
    const all = residual ? tf.add(normalised, residual) : normalised;
    return { y: activation === 'relu' ? tf.relu(all) : all, mean, rate, n };
  }

  const run = tf.customGrad((...given) => {
    const save = given.at(-1) as unknown as (tensors: tf.Tensor[]) => void;
    const { y, mean, rate, n } = forward();
    save([x, y, scale, mean, rate]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [input, output, factor, centre, inverse] = saved as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const dz = activation === 'relu' ? reluGrad(dy, output) : dy;
      const normalised = tf.mul(tf.sub(input, centre), inverse);
      const [dscale, doffset] = [tf.sum(tf.mul(dz, normalised), axes), tf.sum(dz, axes)];
      const [scales, offsets] = channelSums(sum, [dscale, doffset]).map((one) =>
        ofChannel(one.map((v) => v / n)),
      );
      const centred = tf.sub(dz, tf.add(offsets!, tf.mul(normalised, scales!)));
      const dx = tf.mul(centred, tf.mul(factor, inverse));
      return residual ? [dx, dscale, doffset, tf.clone(dz)] : [dx, dscale, doffset];
    };
    return { value: y, gradFunc };
  });
  return (residual ? run(x, scale, offset, residual) : run(x, scale, offset)) as T;
}
