/** Reductions over axes; softmax. */
import * as tf from '@tensorflow/tfjs-core';
import { call, callMany, callTruth, float, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { cast, full, scoped, type Use } from '../shims.ts';

function withoutAxes(shape: number[], axes: number[], keepDims: boolean): number[] {
  return keepDims
    ? shape.map((d, i) => (axes.includes(i) ? 1 : d))
    : shape.filter((_, i) => !axes.includes(i));
}

type Reduce = (x: Handle, axes: number[], keepDims: boolean, dtype: number) => Handle;

const REDUCE: Record<string, Reduce> = {
  [tf.Sum]: (x, axes, keepDims, dtype) =>
    call('aten::sum.dim_IntList', x, optional(axes), keepDims, optional(dtype)),
  [tf.Mean]: (x, axes, keepDims) =>
    call('aten::mean.dim', x, optional(axes), keepDims, optional(native().dtypes.float32)),
  [tf.Max]: (x, axes, keepDims) => call('aten::amax', x, axes, keepDims),
  [tf.Min]: (x, axes, keepDims) => call('aten::amin', x, axes, keepDims),
  [tf.All]: (x, axes, keepDims) => call('aten::all.dims', x, optional(axes), keepDims),
  [tf.Any]: (x, axes, keepDims) => call('aten::any.dims', x, optional(axes), keepDims),
  [tf.Prod]: (x, axes, keepDims, dtype) =>
    scoped((use) => {
      const products = axes
        .toSorted((a, b) => b - a)
        .reduce((so, axis) => use(call('aten::prod.dim_int', so, axis, keepDims, optional(dtype))), x);
      return call('aten::alias', products);
    }),
};

interface ReduceAttributes {
  readonly axis?: number | number[];
  /** What tfjs calls the axes of Max. */
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

const INFINITE = [optional(float(Number.POSITIVE_INFINITY)), optional(float(Number.NEGATIVE_INFINITY))];

/**
 * By the extreme values that libtorch finds along with their places, on a CPU four times as fast as the places alone; undefined
 * where one of them is NaN, or to look would be to wait for a device.
 */
function placesOfNumbers(x: Handle, operator: string, axis: number, use: Use): Handle | undefined {
  if (!native().device.isHost) return undefined;
  const [extremes, places] = callMany(operator, [x, axis, false], 2).map(use);
  const hasNaN = use(call('aten::any', use(call('aten::isnan', extremes!))));
  return callTruth('aten::is_nonzero', hasNaN) ? undefined : places;
}

/** `last`: what no place may be chosen for; a NaN counts as it, but stays chosen where it comes first, as in tfjs. */
const arg = (name: string, which: 'max' | 'min', last: number): TorchKernel =>
  kernel<{ axis: number }>(name, ({ x }, { axis }, backend) =>
    scoped((use) => {
      const [at] = tf.util.parseAxisParam(axis, x!.shape);
      const given = backend.handle(x!);
      const shape = withoutAxes(x!.shape, [at!], false);
      const placeIn = (known: Handle) => use(call(`aten::arg${which}`, use(known), optional(at!), false));
      if (x!.dtype !== 'float32')
        return backend.output(cast(placeIn(cast(given, 'int32')), 'int32'), shape, 'int32');
      const found = placesOfNumbers(given, `aten::${which}.dim`, at!, use);
      if (found) return backend.output(cast(found, 'int32'), shape, 'int32');
      const place = placeIn(call('aten::nan_to_num', given, optional(float(last)), ...INFINITE));
      const isFirst = use(call('aten::isnan', use(call('aten::select.int', given, at!, 0))));
      const chosen = use(call('aten::where.self', isFirst, use(full([], 0, 'int64')), place));
      return backend.output(cast(chosen, 'int32'), shape, 'int32');
    }),
  );

export const reduce: TorchKernel[] = [
  ...Object.entries(REDUCE).map(([name, run]) =>
    kernel<ReduceAttributes>(name, ({ x }, { axis, reductionIndices, keepDims = false }, backend) => {
      const axes = tf.util.parseAxisParam((axis ?? reductionIndices)!, x!.shape);
      const dtype =
        name === tf.Mean
          ? 'float32'
          : x!.dtype === 'bool' && (name === tf.Sum || name === tf.Prod)
            ? 'int32'
            : x!.dtype;
      // Over no axes nothing is reduced; libtorch would take all.
      if (axes.length === 0)
        return backend.output(cast(backend.handle(x!), dtype as 'float32'), x!.shape, dtype, x!);
      const handle = run(backend.handle(x!), axes, keepDims, native().dtypes[dtype as 'float32']);
      return backend.output(handle, withoutAxes(x!.shape, axes, keepDims), dtype);
    }),
  ),
  arg(tf.ArgMax, 'max', Number.NEGATIVE_INFINITY),
  arg(tf.ArgMin, 'min', Number.POSITIVE_INFINITY),
  kernel<tf.SoftmaxAttrs>(tf.Softmax, ({ logits }, { dim }, backend) =>
    backend.output(call('aten::_softmax', backend.handle(logits!), dim, false), logits!.shape, logits!.dtype),
  ),
  kernel<tf.LogSoftmaxAttrs>(tf.LogSoftmax, ({ logits }, { axis }, backend) =>
    backend.output(
      call('aten::_log_softmax', backend.handle(logits!), axis, false),
      logits!.shape,
      logits!.dtype,
    ),
  ),
];
