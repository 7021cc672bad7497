/** tfjs's own kernels of convolution: plain, depthwise, of volumes, with bias and activation in the same pass. */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { emptyHandle, type Handle } from '../handle.ts';
import { type KernelFunction, kernel, type TorchKernel } from '../kernel.ts';
import { add, permute, reshape, scoped, type Use } from '../shims.ts';
import { activate } from './activation.ts';
import {
  type ConvAttributes,
  convGradient,
  convolve,
  convShape,
  emptyFilter,
  filterOf,
  ofTfjs,
  placesPadding,
} from './conv.ts';
import { fastFilterGradient, fastForward, fastInputGradient, winogradOr } from './tfjs-winograd.ts';

interface Located {
  readonly handle: Handle;
  readonly shape: number[];
}
type Format = tf.Conv2DAttrs['dataFormat'] | undefined;
const TO_NHWC = [0, 2, 3, 1];
const TO_NCHW = [0, 3, 1, 2];

/** The picture with its channels last, as a view where they are not. */
function nhwc(x: tf.TensorInfo, format: Format, backend: TorchBackend, use: Use): Located {
  const handle = backend.operand(x, use);
  if (format !== 'NCHW') return { handle, shape: x.shape };
  return { handle: use(permute(handle, TO_NHWC)), shape: TO_NHWC.map((axis) => x.shape[axis]!) };
}

/** Explicit padding names an axis each, in the order of the format. */
function lastPadding(pad: tf.Conv2DAttrs['pad'], format: Format): tf.Conv2DAttrs['pad'] {
  if (format !== 'NCHW' || !Array.isArray(pad)) return pad;
  return TO_NHWC.map((axis) => pad[axis]) as unknown as tf.Conv2DAttrs['pad'];
}

/** A result with its channels where the caller has them. */
function placed(y: Handle, shape: number[], format: Format, backend: TorchBackend, use: Use): tf.TensorInfo {
  if (format !== 'NCHW') return backend.output(y, shape, 'float32');
  return backend.output(
    permute(use(y), TO_NCHW),
    TO_NCHW.map((axis) => shape[axis]!),
    'float32',
  );
}

/** A depthwise filter [h, w, Cin, m] as one of Cin groups, [h, w, 1, Cin m]. */
function grouped(filter: Located, use: Use): Located {
  const [h, w, inputs, multiplier] = filter.shape as [number, number, number, number];
  const shape = [h, w, 1, inputs * multiplier];
  return { handle: use(reshape(filter.handle, shape)), shape };
}

function filterFor(filter: tf.TensorInfo, depthwise: boolean, backend: TorchBackend, use: Use): Located {
  const { shape } = filter;
  return depthwise
    ? grouped({ handle: backend.operand(filter, use), shape }, use)
    : { handle: filterOf(filter, backend, use), shape };
}

type Fused = Partial<Pick<tf.FusedConv2DAttrs, 'activation' | 'leakyreluAlpha'>>;

const forward =
  (depthwise: boolean): KernelFunction<tf.Conv2DAttrs & Fused> =>
  (
    { x, filter, bias, preluActivationWeights },
    { dataFormat, activation, leakyreluAlpha, pad, ...attributes },
    backend,
  ) =>
    scoped((use) => {
      const weight = filterFor(filter!, depthwise, backend, use); // first: it may move x, if that is the same tensor
      const images = nhwc(x!, dataFormat, backend, use);
      const how = ofTfjs(
        images.shape,
        filter!.shape,
        { ...attributes, pad: lastPadding(pad, dataFormat) },
        { depthwise },
      );
      const channels = weight.shape[3]!;
      const isVector = bias && tf.util.sizeFromShape(bias.shape) === channels;
      const y = convolve(images.handle, weight.handle, how, {
        bias: isVector ? use(reshape(backend.operand(bias, use), [-1])) : undefined,
      });
      const offset = bias && !isVector ? alongChannels(bias, dataFormat, backend, use) : undefined;
      const sum = offset ? add(use(y), offset) : y;
      const slopes =
        preluActivationWeights && alongChannels(preluActivationWeights, dataFormat, backend, use);
      const activated = activate(sum, activation, { alpha: leakyreluAlpha, weights: slopes });
      return placed(activated, convShape(images.shape, weight.shape, how), dataFormat, backend, use);
    });

/** What is broadcast along the channels, moved to the last axis as they are. */
function alongChannels(weights: tf.TensorInfo, format: Format, backend: TorchBackend, use: Use): Handle {
  const handle = backend.handle(weights);
  return format === 'NCHW' && weights.shape.length === 3 ? use(permute(handle, [1, 2, 0])) : handle;
}

const inputGradient =
  (
    depthwise: boolean,
  ): KernelFunction<tf.Conv2DBackpropInputAttrs & { dilations?: number | [number, number] }> =>
  ({ dy, filter }, { inputShape, dataFormat, dilations = 1, pad, ...attributes }, backend) =>
    scoped((use) => {
      const weight = filterFor(filter!, depthwise, backend, use);
      const slope = nhwc(dy!, dataFormat, backend, use);
      const shape = dataFormat === 'NCHW' ? TO_NHWC.map((axis) => inputShape[axis]!) : inputShape;
      const how = ofTfjs(
        shape,
        filter!.shape,
        { ...attributes, dilations, pad: lastPadding(pad, dataFormat) },
        { depthwise },
      );
      const x = use(emptyHandle(shape, backend.computeType));
      const dx = convGradient({ dy: slope.handle, x, filter: weight.handle }, how, 'x');
      return placed(dx, shape, dataFormat, backend, use);
    });

const filterGradient =
  (
    depthwise: boolean,
  ): KernelFunction<tf.Conv2DBackpropFilterAttrs & { dilations?: number | [number, number] }> =>
  ({ x, dy }, { filterShape, dataFormat, dilations = 1, pad, ...attributes }, backend) =>
    scoped((use) => {
      const [images, slope] = [nhwc(x!, dataFormat, backend, use), nhwc(dy!, dataFormat, backend, use)];
      const how = ofTfjs(
        images.shape,
        filterShape,
        { ...attributes, dilations, pad: lastPadding(pad, dataFormat) },
        { depthwise },
      );
      const handle = depthwise
        ? use(emptyHandle(filterShape, backend.computeType))
        : emptyFilter(filterShape, backend, use);
      const empty = { handle, shape: filterShape };
      const filter = depthwise ? grouped(empty, use) : empty;
      const dw = convGradient({ dy: slope.handle, x: images.handle, filter: filter.handle }, how, 'filter');
      return backend.output(depthwise ? reshape(use(dw), filterShape) : dw, filterShape, 'float32');
    });

/** Of a volume, x NDHWC. */
function ofVolume(
  x: readonly number[],
  filter: readonly number[],
  {
    strides,
    pad,
    dilations = 1,
  }: { strides: tf.Conv3DAttrs['strides']; pad: 'valid' | 'same'; dilations?: tf.Conv3DAttrs['dilations'] },
): ConvAttributes {
  type Shape5 = [number, number, number, number, number];
  const info = tf.backend_util.computeConv3DInfo(x as Shape5, filter as Shape5, strides, dilations, pad);
  const { padInfo, strideDepth, strideHeight, strideWidth, dilationDepth, dilationHeight, dilationWidth } =
    info;
  return {
    strides: [strideDepth, strideHeight, strideWidth],
    padding: [
      placesPadding(x[1]!, padInfo.front, info.outDepth, strideDepth, info.effectiveFilterDepth),
      placesPadding(x[2]!, padInfo.top, info.outHeight, strideHeight, info.effectiveFilterHeight),
      placesPadding(x[3]!, padInfo.left, info.outWidth, strideWidth, info.effectiveFilterWidth),
    ],
    dilations: [dilationDepth, dilationHeight, dilationWidth],
    groups: 1,
  };
}

export const tfjsConv: TorchKernel[] = [
  kernel(tf.Conv2D, winogradOr(fastForward, forward(false))),
  kernel(tf.FusedConv2D, winogradOr(fastForward, forward(false))),
  kernel(tf.DepthwiseConv2dNative, forward(true)),
  kernel(tf.FusedDepthwiseConv2D, forward(true)),
  kernel(tf.Conv2DBackpropInput, winogradOr(fastInputGradient, inputGradient(false))),
  kernel(tf.DepthwiseConv2dNativeBackpropInput, inputGradient(true)),
  kernel(tf.Conv2DBackpropFilter, winogradOr(fastFilterGradient, filterGradient(false))),
  kernel(tf.DepthwiseConv2dNativeBackpropFilter, filterGradient(true)),
  kernel<tf.Conv3DAttrs>(tf.Conv3D, ({ x, filter }, attributes, backend) => {
    const how = ofVolume(x!.shape, filter!.shape, attributes);
    const y = convolve(backend.handle(x!), backend.handle(filter!), how);
    return backend.output(y, convShape(x!.shape, filter!.shape, how), 'float32');
  }),
  kernel<tf.Conv3DBackpropInputV2Attrs>(
    tf.Conv3DBackpropInputV2,
    ({ dy, filter }, { inputShape, ...attributes }, backend) =>
      scoped((use) => {
        const x = use(emptyHandle(inputShape, 'float32'));
        const inputs = { dy: backend.handle(dy!), x, filter: backend.handle(filter!) };
        const how = ofVolume(inputShape, filter!.shape, attributes);
        return backend.output(convGradient(inputs, how, 'x'), inputShape, 'float32');
      }),
  ),
  kernel<tf.Conv3DBackpropFilterV2Attrs>(
    tf.Conv3DBackpropFilterV2,
    ({ x, dy }, { filterShape, ...attributes }, backend) =>
      scoped((use) => {
        const filter = use(emptyHandle(filterShape, 'float32'));
        const inputs = { dy: backend.handle(dy!), x: backend.handle(x!), filter };
        const how = ofVolume(x!.shape, filterShape, attributes);
        return backend.output(convGradient(inputs, how, 'filter'), filterShape, 'float32');
      }),
  ),
];
