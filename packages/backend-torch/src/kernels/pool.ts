/** Pools of pictures and volumes, and their gradients. Padding never wins a maximum and never counts in a mean. */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, callMany, float, optional } from '../dispatch.ts';
import { emptyHandle, type Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { cast, scoped, type Use } from '../shims.ts';
import { valuesOf } from '../transfer.ts';
import { placesPadding } from './conv.ts';
import {
  channelsLast,
  channelsSecond,
  cutPlaces,
  floats,
  type Padding,
  padPlaces,
  splitPadding,
} from './spatial.ts';

interface Window {
  readonly size: number[];
  readonly strides: number[];
  readonly padding: Padding;
  /** Places that come out, an axis each. */
  readonly out: number[];
}
type Attributes2 = Pick<tf.MaxPoolAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;
type Attributes3 = Pick<tf.MaxPool3DAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;

function window2([n, h, w, c]: number[], { filterSize, strides, pad, dimRoundingMode }: Attributes2): Window {
  const x: [number, number, number, number] = [n!, h!, w!, c!];
  const info = tf.backend_util.computePool2DInfo(x, filterSize, strides, 1, pad, dimRoundingMode);
  const [size, steps] = [
    [info.filterHeight, info.filterWidth],
    [info.strideHeight, info.strideWidth],
  ];
  const [starts, out] = [
    [info.padInfo.top, info.padInfo.left],
    [info.outHeight, info.outWidth],
  ];
  return windowOf([h!, w!], size, steps, starts, out);
}

function window3(
  [n, d, h, w, c]: number[],
  { filterSize, strides, pad, dimRoundingMode }: Attributes3,
): Window {
  const x: [number, number, number, number, number] = [n!, d!, h!, w!, c!];
  const info = tf.backend_util.computePool3DInfo(x, filterSize, strides, 1, pad, dimRoundingMode);
  const size = [info.filterDepth, info.filterHeight, info.filterWidth];
  const steps = [info.strideDepth, info.strideHeight, info.strideWidth];
  const starts = [info.padInfo.front, info.padInfo.top, info.padInfo.left];
  return windowOf([d!, h!, w!], size, steps, starts, [info.outDepth, info.outHeight, info.outWidth]);
}

function windowOf(
  places: number[],
  size: number[],
  strides: number[],
  starts: number[],
  out: number[],
): Window {
  const padding = places.map((n, i) => placesPadding(n, starts[i]!, out[i]!, strides[i]!, size[i]!));
  return { size, strides, padding, out };
}

/** What the places of maxima depend on, but for the values. */
const keyOf = ({ shape }: tf.TensorInfo, window: Window): string => JSON.stringify([shape, window]);

const isEmpty = ({ out }: Window): boolean => out.some((n) => n < 1);
const outShape = (x: number[], { out }: Window): number[] => [x[0]!, ...out, x.at(-1)!];
function nothing(x: tf.TensorInfo, { out }: Window, backend: TorchBackend): tf.TensorInfo {
  const shape = [x.shape[0]!, ...out.map((n) => Math.max(n, 0)), x.shape.at(-1)!];
  return backend.output(emptyHandle(shape, 'float32'), shape, x.dtype);
}
/** libtorch pads at most half a window itself. */
const split = ({ size, padding }: Window) =>
  splitPadding(
    padding,
    size.map((n) => Math.floor(n / 2)),
  );

const LOWEST = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((n) =>
  optional(float(n)),
);

function sumOf(x: Handle): number {
  return scoped((use) => valuesOf(use(call('aten::sum', x, null)), 'float32')[0]!);
}

function maxPool(x: Handle, window: Window, use: Use): { y: Handle; places: Handle; padded: Handle } {
  const { size, strides } = window;
  const d = size.length;
  const { inside, before } = split(window);
  const padded = use(channelsSecond(padPlaces(x, before, use, Number.NEGATIVE_INFINITY), d));
  const pooled = (input: Handle) =>
    callMany(
      `aten::max_pool${d}d_with_indices`,
      [input, size, strides, inside, size.map(() => 1), false],
      2,
    ).map(use);
  if (native().device.isHost) {
    const [y, places] = pooled(padded);
    if (!Number.isNaN(sumOf(y!))) return { y: y!, places: places!, padded };
  }
  // To tfjs a NaN is no maximum, to libtorch it is. Where looking for one would wait for a GPU, they are always taken out.
  const known = use(call('aten::nan_to_num', padded, ...LOWEST));
  const [seen, at] = pooled(known);
  return { y: seen!, places: at!, padded: known };
}

/** @param known the places of the maxima, where the forward pass has kept them */
function maxPoolGrad(dy: Handle, x: Handle, window: Window, known: Handle | undefined): Handle {
  return scoped((use) => {
    const { size, strides } = window;
    const d = size.length;
    const { inside, before } = split(window);
    const { places, padded } = known
      ? { places: known, padded: use(channelsSecond(padPlaces(x, before, use), d)) }
      : maxPool(x, window, use);
    const slope = use(channelsSecond(dy, d));
    const ones = size.map(() => 1);
    const name = `aten::max_pool${d}d_with_indices_backward`;
    const dx = use(call(name, slope, padded, size, strides, inside, ones, false, places));
    return call('aten::contiguous', cutPlaces(use(channelsLast(dx, d)), before, use), 0);
  });
}

/** How many places of x each window sees, shape [1, ..., 1]. */
function counts({ size, strides, padding, out }: Window, places: number[]): Handle {
  const along = out.map((n, i) =>
    Array.from({ length: n }, (_, at) => {
      const start = at * strides[i]! - padding[i]![0];
      return Math.max(1, Math.min(start + size[i]!, places[i]!) - Math.max(start, 0));
    }),
  );
  const all = along.reduce<number[]>((seen, axis) => seen.flatMap((a) => axis.map((b) => a * b)), [1]);
  return floats(all, [1, ...out, 1]);
}

/** Divides by the count in each window. */
function perPlace(x: Handle, shape: number[], window: Window): Handle {
  return scoped((use) => call('aten::div.Tensor', x, use(counts(window, shape.slice(1, -1)))));
}

const isPadded = ({ padding }: Window): boolean => padding.some(([before, after]) => before + after > 0);

function avgPool(x: Handle, shape: number[], window: Window): Handle {
  return scoped((use) => {
    const { size, strides, padding } = window;
    const d = size.length;
    const padded = use(channelsSecond(padPlaces(x, padding, use), d));
    const none = size.map(() => 0);
    const divisor = isPadded(window) ? optional(1) : null;
    const y = use(call(`aten::avg_pool${d}d`, padded, size, strides, none, false, true, divisor));
    const last = channelsLast(y, d);
    return isPadded(window) ? perPlace(use(last), shape, window) : last;
  });
}

/** Of x only the shape is looked at. Where one window sees everything, a share of dy seen from each place: a view. */
function avgPoolGrad(dy: Handle, x: Handle, shape: number[], window: Window): Handle {
  return scoped((use) => {
    const { size, strides, padding, out } = window;
    if (!isPadded(window) && out.every((n, i) => n === 1 && size[i] === shape[i + 1])) {
      const seen = use(floats([tf.util.sizeFromShape(size)], [1]));
      return call('aten::expand', use(call('aten::div.Tensor', dy, seen)), shape, false);
    }
    const d = size.length;
    const shares = isPadded(window) ? use(perPlace(dy, shape, window)) : dy;
    const padded = use(channelsSecond(padPlaces(x, padding, use), d));
    const none = size.map(() => 0);
    const divisor = isPadded(window) ? optional(1) : null;
    const name = `aten::avg_pool${d}d_backward`;
    const slope = use(channelsSecond(shares, d));
    const dx = use(call(name, slope, padded, size, strides, none, false, true, divisor));
    return call('aten::contiguous', cutPlaces(use(channelsLast(dx, d)), padding, use), 0);
  });
}

interface Names {
  readonly max: string;
  readonly maxGrad: string;
  readonly avg: string;
  readonly avgGrad: string;
}

function pools<A>(names: Names, windowFor: (x: number[], attributes: A) => Window): TorchKernel[] {
  return [
    kernel<A>(names.max, ({ x }, attributes, backend) =>
      scoped((use) => {
        const window = windowFor(x!.shape, attributes);
        if (isEmpty(window)) return nothing(x!, window, backend);
        const { y, places } = maxPool(use(cast(backend.handle(x!), 'float32')), window, use);
        const last = channelsLast(y, window.size.length);
        const output = backend.output(last, outShape(x!.shape, window), x!.dtype);
        // For the gradient, if there will be one: it would have to find the maxima again.
        if (tf.engine().state.gradientDepth > 0)
          backend.keepWith(output, keyOf(x!, window), [call('aten::alias', places)]);
        return output;
      }),
    ),
    kernel<A>(names.maxGrad, ({ dy, input, output }, attributes, backend) => {
      const window = windowFor(input!.shape, attributes);
      const [known] = (output && backend.keptWith(output, keyOf(input!, window))) ?? [];
      const dx = maxPoolGrad(backend.handle(dy!), backend.handle(input!), window, known);
      return backend.output(dx, input!.shape, 'float32');
    }),
    kernel<A>(names.avg, ({ x }, attributes, backend) => {
      const window = windowFor(x!.shape, attributes);
      if (isEmpty(window)) return nothing(x!, window, backend);
      const y = avgPool(backend.handle(x!), x!.shape, window);
      return backend.output(y, outShape(x!.shape, window), 'float32');
    }),
    kernel<A>(names.avgGrad, ({ dy, input }, attributes, backend) => {
      const window = windowFor(input!.shape, attributes);
      const dx = avgPoolGrad(backend.handle(dy!), backend.handle(input!), input!.shape, window);
      return backend.output(dx, input!.shape, 'float32');
    }),
  ];
}

export const pool: TorchKernel[] = [
  ...pools({ max: tf.MaxPool, maxGrad: tf.MaxPoolGrad, avg: tf.AvgPool, avgGrad: tf.AvgPoolGrad }, window2),
  ...pools(
    { max: tf.MaxPool3D, maxGrad: tf.MaxPool3DGrad, avg: tf.AvgPool3D, avgGrad: tf.AvgPool3DGrad },
    window3,
  ),
];
