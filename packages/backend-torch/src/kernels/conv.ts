/** Convolutions of pictures and volumes, grouped and depthwise, and their gradients. */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, callMany, optional } from '../dispatch.ts';
import { emptyHandle, type Handle, shapeOf } from '../handle.ts';
import { native } from '../native.ts';
import { pad, permute, reshape, scoped, slice, type Use } from '../shims.ts';
import {
  channelsLast,
  channelsSecond,
  cutPlaces,
  filterFirst,
  filterLast,
  type Padding,
  padPlaces,
  splitPadding,
} from './spatial.ts';

/** A convolution over as many spatial axes as `strides` has. */
export interface ConvAttributes {
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilations: readonly number[];
  readonly groups: number;
}

/** For a single picture libtorch may take a path that wants the filter in its own order; with more, it copies it itself. */
function packed(filter: Handle, x: Handle, use: Use): Handle {
  return shapeOf(x)[0] === 1 ? use(call('aten::contiguous', filter, 0)) : filter;
}

/** A filter [h, w, I, O] in the order in memory that libtorch reads it in, [O, h, w, I]. */
const inOrder = (filter: Handle): Handle =>
  scoped((use) => filterLast(use(call('aten::contiguous', use(filterFirst(filter, 2)), CHANNELS_LAST)), 2));

/** A filter of that shape and order, of no values. */
export function emptyFilter([h, w, i, o]: readonly number[], backend: TorchBackend, use: Use): Handle {
  const filter = use(emptyHandle([o!, h!, w!, i!], backend.computeType));
  return use(permute(filter, [1, 2, 3, 0]));
}

/** A picture's filter, reordered once and for all: as it lies in tfjs, libtorch copied it in every call. */
export const filterOf = (filter: tf.TensorInfo, backend: TorchBackend, use: Use): Handle =>
  backend.narrowed(backend.reordered(filter, inOrder), use);

const CHANNELS_LAST = 2;

/** Pictures [N, C, ...] and a filter [O, I, ...] as libtorch has them, and how it is to go over them. */
interface Prepared {
  readonly images: Handle;
  readonly weight: Handle;
  readonly strides: readonly number[];
  readonly inside: readonly number[];
}

function prepared(x: Handle, filter: Handle, { strides, padding }: ConvAttributes, use: Use): Prepared {
  const spatial = strides.length;
  const { inside, before } = splitPadding(padding);
  const images = use(channelsSecond(padPlaces(x, before, use), spatial));
  const weight = packed(use(filterFirst(filter, spatial)), x, use);
  return { images, weight, strides, inside };
}

/**
 * What the forward pass wants. Of pictures with one channel, oneDNN reads wrong places where one place comes out along the last axis and its stride
 * is not 1. That stride says nothing: here it is 1, and the pictures end where the filter does.
 */
export function preparedForward(x: Handle, filter: Handle, how: ConvAttributes, use: Use): Prepared {
  const given = prepared(x, filter, how, use);
  const { images, weight, strides, inside } = given;
  const { dilations } = how;
  const last = strides.length - 1;
  const [step, before] = [strides[last]!, inside[last]!];
  const shape = step > 1 ? shapeOf(images) : [];
  const reach = shape[1] === 1 ? dilations[last]! * (shapeOf(weight).at(-1)! - 1) + 1 : 0;
  const after = reach - before - shape.at(-1)!;
  if (reach === 0 || before - after >= step) return given;
  const sides = [...shape.slice(1).map(() => [0, 0] as const), [before, after] as const];
  return {
    images: use(pad(images, sides)),
    weight,
    strides: strides.with(last, 1),
    inside: inside.with(last, 0),
  };
}

/** Places of a picture below which it is small. */
const SMALL = 100;

/**
 * Small pictures as two tall ones, where a convolution looks at single places: oneDNN then takes longer pieces, and 7x7
 * places of 512 to 2048 channels take 5 to 12 % less time. Of one picture it would want another filter (see `packed`).
 */
function tall(x: Handle, filter: Handle, { strides, padding }: ConvAttributes, use: Use): Handle {
  const isPlain =
    strides.length === 2 && strides.every((n) => n === 1) && padding.flat().every((n) => n === 0);
  if (!isPlain || native().device.kind !== 'cpu') return x;
  const [count, height, width, channels] = shapeOf(x) as [number, number, number, number];
  const isMeant = height * width < SMALL && count > 2 && count % 2 === 0;
  if (!isMeant || shapeOf(filter)[0] !== 1 || shapeOf(filter)[1] !== 1) return x;
  return use(reshape(x, [2, (count / 2) * height, width, channels]));
}

/** x [N, ..., Cin], filter [..., Cin / groups, Cout]; returns [N, ..., Cout]. */
export function convolve(
  x: Handle,
  filter: Handle,
  how: ConvAttributes,
  { bias }: { bias?: Handle | undefined } = {},
): Handle {
  const { dilations, groups } = how;
  return scoped((use) => {
    const given = tall(x, filter, how, use);
    const { images, weight, strides, inside } = preparedForward(given, filter, how, use);
    const offset = bias ? optional(bias) : null;
    const none = strides.map(() => 0);
    const args = [images, weight, offset, strides, inside, dilations, false, none, groups];
    const y = channelsLast(use(call('aten::convolution', ...args)), strides.length);
    return given === x ? y : reshape(use(y), [...shapeOf(x).slice(0, -1), shapeOf(filter).at(-1)!]);
  });
}

/** Channels of oneDNN's widest vector. */
const VECTOR = 16;

/**
 * What dF wants. Of the pictures that a 1x1 filter goes over in steps, oneDNN copies the places that it meets, and of
 * fewer channels than a vector has it writes them past the end of the copy (uxlfoundation/oneDNN#6035). Such places are
 * taken out here, and met one after another; with more channels oneDNN's own copy takes 0.45 to 0.9 of the time.
 */
function preparedFilterGrad(x: Handle, filter: Handle, how: ConvAttributes, use: Use): Prepared {
  const given = prepared(x, filter, how, use);
  const { images, weight, strides, inside } = given;
  const [shape, window] = [shapeOf(images), shapeOf(weight).slice(2)];
  const isSingle = window.every((n) => n === 1) && inside.every((n) => n === 0);
  const isInSteps = isSingle && strides.some((n) => n > 1);
  if (!isInSteps || how.groups > 1 || shape[1]! >= VECTOR || native().device.kind !== 'cpu') return given;
  const met = strides.reduce((all, step, i) => use(slice(all, i + 2, 0, shape[i + 2]!, step)), images);
  return { ...given, images: met, strides: strides.map(() => 1) };
}

/** dX or dW; of the one that is wanted only the shape is looked at. */
export function convGradient(
  { dy, x, filter }: { dy: Handle; x: Handle; filter: Handle },
  how: ConvAttributes,
  wanted: 'x' | 'filter',
): Handle {
  const { dilations, groups } = how;
  const spatial = how.strides.length;
  return scoped((use) => {
    const isFilter = wanted === 'filter';
    const prepare = isFilter ? preparedFilterGrad : prepared;
    const { images, weight, strides, inside } = prepare(x, filter, how, use);
    const none = strides.map(() => 0);
    const mask = [!isFilter, isFilter, false];
    const given = [use(channelsSecond(dy, spatial)), images, weight, null];
    const args = [...given, strides, inside, dilations, false, none, groups, mask];
    const [dx, dw] = callMany('aten::convolution_backward', args, 3).map(use);
    if (isFilter) return filterLast(dw!, spatial);
    const whole = use(channelsLast(dx!, spatial));
    return call('aten::contiguous', cutPlaces(whole, splitPadding(how.padding).before, use), 0);
  });
}

export function convShape(x: readonly number[], filter: readonly number[], how: ConvAttributes): number[] {
  const places = how.strides.map((stride, i) => {
    const [before, after] = how.padding[i]!;
    const reach = how.dilations[i]! * (filter[i]! - 1) + 1;
    return Math.floor((x[i + 1]! + before + after - reach) / stride) + 1;
  });
  return [x[0]!, ...places, filter.at(-1)!];
}

/**
 * What must be padded so that exactly `out` places come out, whatever the rounding: the last may reach past the end.
 * Before a volume tfjs pads less than nothing where steps are longer than a window; TensorFlow never does.
 */
export function placesPadding(
  size: number,
  before: number,
  out: number,
  stride: number,
  reach: number,
): [number, number] {
  const start = Math.max(before, 0);
  return [start, Math.max((out - 1) * stride + reach - size - start, 0)];
}

/** tfjs's own attributes of a picture's convolution (x NHWC), `depthwise` where a filter is [h, w, Cin, multiplier]. */
export function ofTfjs(
  x: readonly number[],
  filter: readonly number[],
  a: Omit<tf.Conv2DAttrs, 'dataFormat'>,
  { depthwise = false }: { depthwise?: boolean } = {},
): ConvAttributes {
  const info = tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    a.strides,
    a.dilations ?? 1,
    a.pad,
    a.dimRoundingMode,
    depthwise,
  );
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth, outHeight, outWidth } = info;
  const reach = [info.effectiveFilterHeight, info.effectiveFilterWidth];
  return {
    strides: [strideHeight, strideWidth],
    padding: [
      placesPadding(x[1]!, padInfo.top, outHeight, strideHeight, reach[0]!),
      placesPadding(x[2]!, padInfo.left, outWidth, strideWidth, reach[1]!),
    ],
    dilations: [dilationHeight, dilationWidth],
    groups: depthwise ? x[3]! : 1,
  };
}
