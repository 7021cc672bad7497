/**
 * Kernels that put off what they can (combination.ts), so that batch normalisation in tfjs's own operations, and the
 * gradients of it that tfjs writes with sums and products, take few passes over memory:
 *   mean over all axes but the last: the variance comes with it, and is kept;
 *   x - mean and its square: put off, and the mean of the square is that variance;
 *   with a value a channel, + and *: put off; the sum over all axes but the last of what is centred: known.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { type Combination, combined, computed } from '../combination.ts';
import { call } from '../dispatch.ts';
import { dataAddress, type Handle, isContiguous, stridesOf } from '../handle.ts';
import { type Inputs, type KernelFunction, kernel, type TorchKernel } from '../kernel.ts';
import { add, mul, mulNumber, reshape, scoped, type Use } from '../shims.ts';
import { isLarge, keptMoments, takenMoments } from './moments.ts';

/** undefined: the usual kernel has to do it. */
type Rule = (
  inputs: Inputs,
  attributes: tf.MeanAttrs & { axis: number | number[] },
  backend: TorchBackend,
) => tf.TensorInfo | undefined;

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

/** Whether it has a value a channel of a tensor of the shape `like`, or a single one. */
function isVector({ dtype, shape }: tf.TensorInfo, like: readonly number[]): boolean {
  const size = tf.util.sizeFromShape(shape);
  const fits = size === 1 || (size === like.at(-1) && shape.at(-1) === size);
  return fits && dtype === 'float32' && shape.length <= like.length;
}

/** A copy of those values, shape [C] or [1]; undefined where a tensor has more, unless it repeats them by a view. */
function vectorOf(
  info: tf.TensorInfo,
  like: readonly number[],
  backend: TorchBackend,
  use: Use,
): Handle | undefined {
  const { shape, dtype } = info;
  const copy = (view: Handle) => use(call('aten::clone', use(view), null));
  if (isVector(info, like)) return copy(reshape(backend.handle(info), [-1]));
  if (dtype !== 'float32' || !tf.util.arraysEqual(shape, [...like]) || backend.deferred(info))
    return undefined;
  const handle = backend.handle(info);
  const strides = stridesOf(handle);
  const isRepeated = shape.every((n, axis) => n === 1 || axis === shape.length - 1 || strides[axis] === 0);
  return isRepeated
    ? copy(call('aten::as_strided', handle, shape.slice(-1), strides.slice(-1), null))
    : undefined;
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
    const moments = deferred ? undefined : (keptMoments(x!, backend) ?? takenMoments(x!, backend));
    return moments && perChannel(moments[0], x!, keepDims, backend);
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
      const places = tf.util.sizeFromShape(x!.shape.slice(0, -1));
      const shifts = deferred.shift ? [use(mulNumber(deferred.shift, places))] : [];
      const sum = [...zeros, ...shifts].reduce((so, value) => use(add(so, value)));
      return perChannel(sum, x!, keepDims, backend);
    });
  },
  [tf.Sub]: ({ a, b }, _, backend) => {
    const moments = keptMoments(a!, backend);
    const isWhole = tf.util.sizeFromShape(b!.shape) === a!.shape.at(-1);
    if (!moments || !isWhole || !isVector(b!, a!.shape)) return undefined;
    const mean = backend.handle(b!);
    if (dataAddress(mean) !== dataAddress(moments[0]) || !isContiguous(mean)) return undefined;
    return backend.defer(combined([{ terms: [{ ...backend.term(a!), moments }] }], { shape: a!.shape }));
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
    return scoped((use, own) => {
      const y = own(computed(deferred));
      use(call('aten::relu_', y));
      return backend.output(y, x!.shape, 'float32');
    });
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
