/** Mean and variance by channels, over all axes but the last, in one pass; kept with the tensor that they are of. */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import type { Moments } from '../combination.ts';
import { call, callMany, float } from '../dispatch.ts';
import { type Handle, isContiguous } from '../handle.ts';
import { native } from '../native.ts';
import { add, reshape, scoped, slice } from '../shims.ts';

const KEY = 'moments';

/** Below it, a pass over memory costs less than the calls that would spare it. */
export const isLarge = ({ shape, dtype }: tf.TensorInfo): boolean =>
  dtype === 'float32' && tf.util.sizeFromShape(shape) >= 2 ** 14;

/** The tensor's, if they were asked for since its values changed; still its own. */
export const keptMoments = (x: tf.TensorInfo, backend: TorchBackend): Moments | undefined =>
  backend.keptWith(x, KEY) as Moments | undefined;

/** Computes and keeps them; undefined where libtorch has no fast and exact way to. */
export function takenMoments(x: tf.TensorInfo, backend: TorchBackend): Moments | undefined {
  const folds = foldsOf(x.shape);
  if (!folds || native().device.kind === 'mps' || !isContiguous(backend.handle(x))) return undefined;
  const moments = momentsOf(backend.handle(x), x.shape.at(-1)!, folds);
  backend.keepWith(x, KEY, moments);
  return moments;
}

/**
 * libtorch adds the rows of a channel one after another in float32. So that its sums are short and its loops long, it is
 * given that many rows side by side, as if they were channels; undefined where the sums would still be too long.
 */
function foldsOf(shape: readonly number[]): number | undefined {
  const channels = shape.at(-1)!;
  const rows = tf.util.sizeFromShape(shape.slice(0, -1));
  let folds = 1;
  const isEnough = () => folds * channels >= 512 && rows / folds <= 2048;
  while (!isEnough() && rows % (2 * folds) === 0 && 2 * folds * channels <= 4096) folds *= 2;
  return rows / folds <= 4096 ? folds : undefined;
}

/** Of the folds, and from them: the mean of their means; the mean of their variances plus the variance of their means. */
function momentsOf(x: Handle, channels: number, folds: number): Moments {
  const statistics = (rows: Handle) =>
    callMany('aten::batch_norm_update_stats', [rows, null, null, float(0)], 2) as [Handle, Handle];
  return scoped((use, own) => {
    const ofFolds = statistics(use(reshape(x, [-1, folds * channels]))).map(use);
    const both = ofFolds.map((values) => use(reshape(values, [folds, channels])));
    const [means, variances] = statistics(use(call('aten::cat', both, 1))).map(use);
    const between = use(slice(variances!, 0, 0, channels));
    const within = use(slice(means!, 0, channels, 2 * channels));
    return [own(slice(means!, 0, 0, channels)), own(add(within, between))];
  });
}
