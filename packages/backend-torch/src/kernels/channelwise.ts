/**
 * Kernels that put off what they can (combination.ts), so that batch normalisation in tfjs's own operations, and the
 * gradients of it that tfjs writes with sums and products, take few passes over memory:
 *   mean over all axes but the last: the variance comes with it, and is kept;
 *   x - mean and its square: put off, and the mean of the square is that variance;
 *   with a value a channel, + and *: put off; the sum over all axes but the last of what is centred: known.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { type Combination, combined, computed, type Moments } from '../combination.ts';
import { call, callMany, float } from '../dispatch.ts';
import { dataAddress, type Handle, isContiguous, stridesOf } from '../handle.ts';
import { type Inputs, type KernelFunction, kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { add, mul, mulNumber, reshape, scoped, slice, type Use } from '../shims.ts';

/** undefined: the usual kernel has to do it. */
type Rule = (
  inputs: Inputs,
  attributes: tf.MeanAttrs & { axis: number | number[] },
  backend: TorchBackend,
) => tf.TensorInfo | undefined;

/** The companions of a tensor: its mean and variance by channels. */
const MOMENTS = 'moments';

const sizeOf = ({ shape }: tf.TensorInfo): number => tf.util.sizeFromShape(shape);
/** Below it, a pass over memory costs less than the calls that would spare it. */
const isLarge = (x: tf.TensorInfo): boolean => x.dtype === 'float32' && sizeOf(x) >= 2 ** 14;

const isOverPlaces = (x: tf.TensorInfo, axis: number | number[]): boolean => {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  return axes.length > 0 && axes.length === x.shape.length - 1 && !axes.includes(axes.length);
};

/** A value a channel as the result of a reduction. */
const perChannel = (
  vector: Handle,
  x: tf.TensorInfo,
  keepDims: boolean | undefined,
  backend: TorchBackend,
): tf.TensorInfo => {
  const channels = x.shape.at(-1)!;
  const shape = keepDims ? x.shape.map((_, i) => (i === x.shape.length - 1 ? channels : 1)) : [channels];
  return backend.output(reshape(vector, shape), shape, 'float32');
};

/**
 * Mean and variance by channels. libtorch adds the places of a channel one after another in float32; here it
 * gets `folds` places side by side as if they were channels, so the rows are few, the sums exact, and its loops long.
 */
function momentsOf(x: Handle, shape: readonly number[]): Moments | undefined {
  const channels = shape.at(-1)!;
  const places = tf.util.sizeFromShape([...shape]) / channels;
  let folds = 1;
  const isEnough = () => folds * channels >= 512 && places / folds <= 2048;
  while (!isEnough() && places % (2 * folds) === 0 && 2 * folds * channels <= 4096) folds *= 2;
  if (places / folds > 4096 || !isContiguous(x) || native().device.kind === 'mps') return undefined;
  const statistics = (rows: Handle) =>
    callMany('aten::batch_norm_update_stats', [rows, null, null, float(0)], 2) as [Handle, Handle];
  return scoped((use, own) => {
    const ofFolds = statistics(use(reshape(x, [-1, folds * channels]))).map(use);
    const both = ofFolds.map((values) => use(reshape(values, [folds, channels])));
    const [means, variances] = statistics(use(call('aten::cat', both, 1))).map(use);
    const [mean, within] = [0, channels].map((from) => slice(means!, 0, from, from + channels));
    const between = use(slice(variances!, 0, 0, channels));
    return [own(mean!), own(add(use(within!), between))];
  });
}

/** A tensor's value a channel, [C] or [1], where it has no more of them, perhaps repeated by a view. */
function vectorOf(
  info: tf.TensorInfo,
  like: readonly number[],
  backend: TorchBackend,
  use: Use,
): Handle | undefined {
  const { shape } = info;
  const channels = like.at(-1)!;
  if (info.dtype !== 'float32' || shape.length > like.length || backend.deferred(info)) return undefined;
  const size = sizeOf(info);
  if (size === 1 || (size === channels && shape.at(-1) === channels))
    return shape.length === 1 ? backend.handle(info) : use(reshape(backend.handle(info), [size]));
  if (!tf.util.arraysEqual(shape, [...like])) return undefined;
  const handle = backend.handle(info);
  const strides = stridesOf(handle);
  const isRepeated = shape.every((n, axis) => n === 1 || axis === shape.length - 1 || strides[axis] === 0);
  return isRepeated ? use(call('aten::as_strided', handle, [channels], [strides.at(-1)!], null)) : undefined;
}

/** What is put off of one operand, a sum of terms, and the other operand. */
function deferredOperand(
  { a, b }: Inputs,
  backend: TorchBackend,
): { deferred: Combination; other: tf.TensorInfo } | undefined {
  const [first, second] = [backend.deferred(a!), backend.deferred(b!)];
  if (first && !first.isSquared) return { deferred: first, other: b! };
  if (second && !second.isSquared) return { deferred: second, other: a! };
  return undefined;
}

/** More would hold on to more memory than they spare. */
const MOST_TERMS = 2;

const RULES: Record<string, Rule> = {
  [tf.Mean]: ({ x }, { axis, keepDims }, backend) => {
    if (!isLarge(x!) || !isOverPlaces(x!, axis)) return undefined;
    const deferred = backend.deferred(x!);
    if (deferred?.isSquared) return perChannel(deferred.terms[0]!.moments![1], x!, keepDims, backend);
    if (deferred) return undefined;
    let moments = backend.keptWith(x!, MOMENTS);
    if (!moments) {
      moments = momentsOf(backend.handle(x!), x!.shape);
      if (!moments) return undefined;
      backend.keepWith(x!, MOMENTS, moments);
    }
    return perChannel(moments[0]!, x!, keepDims, backend);
  },
  [tf.Sum]: ({ x }, { axis, keepDims }, backend) => {
    const deferred = isOverPlaces(x!, axis) && backend.deferred(x!);
    if (!deferred || deferred.isSquared || deferred.terms.some(({ moments }) => !moments)) return undefined;
    return scoped((use) => {
      // What is centred sums to zero, unless it is not finite.
      const zeros = deferred.terms.map(({ moments, scale }) => {
        const zero = use(add(moments![0], moments![0], -1));
        return scale ? use(mul(zero, scale)) : zero;
      });
      const places = sizeOf(x!) / x!.shape.at(-1)!;
      const shifts = deferred.shift ? [use(mulNumber(deferred.shift, places))] : [];
      const sum = [...zeros, ...shifts].reduce((so, value) => use(add(so, value)));
      return perChannel(sum, x!, keepDims, backend);
    });
  },
  [tf.Sub]: ({ a, b }, _, backend) => {
    const moments = isLarge(a!) && backend.keptWith(a!, MOMENTS);
    if (
      !moments ||
      b!.dtype !== 'float32' ||
      sizeOf(b!) !== a!.shape.at(-1) ||
      b!.shape.at(-1) !== a!.shape.at(-1)
    )
      return undefined;
    if (dataAddress(backend.handle(b!)) !== dataAddress(moments[0]!)) return undefined;
    const term = { ...backend.term(a!), moments: moments as Moments };
    return backend.defer(combined([{ terms: [term] }], { shape: a!.shape }));
  },
  [tf.Square]: ({ x }, _, backend) => {
    const deferred = backend.deferred(x!);
    if (!deferred || deferred.isSquared || deferred.shift || deferred.terms.length > 1) return undefined;
    const [{ scale, moments }] = deferred.terms as [Combination['terms'][0]];
    if (scale || !moments) return undefined;
    return backend.defer(combined([deferred], { shape: x!.shape, isSquared: true }));
  },
  [tf.Multiply]: (inputs, _, backend) => {
    const found = deferredOperand(inputs, backend);
    if (!found) return undefined;
    const { deferred, other } = found;
    return scoped((use) => {
      const by = vectorOf(other, deferred.shape, backend, use);
      return by && backend.defer(combined([deferred], { shape: deferred.shape, by }));
    });
  },
  [tf.Add]: (inputs, _, backend) => {
    const found = deferredOperand(inputs, backend);
    if (!found) return undefined;
    const { deferred, other } = found;
    const { shape, terms } = deferred;
    return scoped((use) => {
      const shift = vectorOf(other, shape, backend, use);
      if (shift) return backend.defer(combined([deferred, { terms: [], shift }], { shape }));
      if (other.dtype !== 'float32' || !tf.util.arraysEqual(other.shape, [...shape])) return undefined;
      const more = backend.deferred(other);
      const parts = more && !more.isSquared ? more : { terms: [backend.term(other)] };
      if (terms.length + parts.terms.length > MOST_TERMS) return undefined;
      return backend.defer(combined([deferred, parts], { shape }));
    });
  },
  // In place, since what was put off has memory of its own; whoever else asks for it computes it once more.
  [tf.Relu]: ({ x }, _, backend) => {
    const deferred = backend.deferred(x!);
    if (!deferred) return undefined;
    const y = computed(deferred);
    call('aten::relu_', y).free();
    return backend.output(y, x!.shape, 'float32');
  },
};

/** x scale + shift by channels, put off. */
export function deferredAffine(
  x: tf.TensorInfo,
  { scale, shift }: { scale: Handle; shift?: Handle },
  backend: TorchBackend,
): tf.TensorInfo {
  const term = { ...backend.term(x), scale };
  return backend.defer(combined([{ terms: [term], shift }], { shape: x.shape }));
}

/** The kernel, but where a rule has something better. */
export function deferring(usual: TorchKernel): TorchKernel {
  const rule = RULES[usual.name];
  if (!rule) return usual;
  const run = usual.run as KernelFunction;
  return kernel(
    usual.name,
    (inputs, attributes, backend) =>
      rule(inputs, attributes as never, backend) ?? run(inputs, attributes, backend),
  );
}
