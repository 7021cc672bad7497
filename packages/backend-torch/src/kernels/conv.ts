/**
 * Convolutions. A tfjs NHWC picture, its axes permuted, IS a channels_last NCHW tensor, so it costs no copy;
 * an HWIO filter permuted to OIHW is copied once inside, small as it is.
 */
import {
  Conv2DGeneral,
  type Conv2DGeneralAttributes,
  Conv2DGeneralFilterGrad,
  Conv2DGeneralInputGrad,
  type Conv2DGradAttributes,
} from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { call, callMany } from '../dispatch.ts';
import { emptyHandle, type Handle, shapeOf } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { pad, permute, scoped, slice } from '../shims.ts';

export const toNCHW = (x: Handle): Handle => permute(x, [0, 3, 1, 2]);
export const toNHWC = (x: Handle): Handle => permute(x, [0, 2, 3, 1]);
const toOIHW = (filter: Handle): Handle => permute(filter, [3, 2, 0, 1]);

type Use = (handle: Handle) => Handle;
type Shape4 = [number, number, number, number];

/** What libtorch can pad itself (equally on both sides), and what must be padded before. */
function splitPadding([top, bottom, left, right]: Conv2DGeneralAttributes['padding']): {
  inside: [number, number];
  before: [[number, number], [number, number]];
} {
  const inside: [number, number] = [Math.min(top, bottom), Math.min(left, right)];
  const [h, w] = inside;
  return {
    inside,
    before: [
      [top - h, bottom - h],
      [left - w, right - w],
    ],
  };
}

function padBefore(x: Handle, [rows, columns]: [[number, number], [number, number]], use: Use): Handle {
  const even = [...rows, ...columns].every((n) => n === 0);
  return even ? x : use(pad(x, [[0, 0], rows, columns, [0, 0]]));
}

function convolve(
  x: Handle,
  filter: Handle,
  { strides, padding, dilations, groups }: Conv2DGeneralAttributes,
): Handle {
  return scoped((use) => {
    const { inside, before } = splitPadding(padding);
    const images = use(toNCHW(padBefore(x, before, use)));
    const y = use(
      call(
        'aten::convolution',
        images,
        use(toOIHW(filter)),
        null,
        strides,
        inside,
        dilations,
        false,
        [0, 0],
        groups,
      ),
    );
    return toNHWC(y);
  });
}

/** [dX, dW] as `wanted` asks, NHWC and HWIO. */
function gradients(
  { dy, x, filter }: { dy: Handle; x: Handle; filter: Handle },
  { strides, padding, dilations, groups }: Conv2DGeneralAttributes,
  wanted: 'x' | 'filter',
): Handle {
  return scoped((use) => {
    const { inside, before } = splitPadding(padding);
    const [images, dys] = [use(toNCHW(padBefore(x, before, use))), use(toNCHW(dy))];
    const mask = [wanted === 'x', wanted === 'filter', false];
    const args = [
      dys,
      images,
      use(toOIHW(filter)),
      null,
      strides,
      inside,
      dilations,
      false,
      [0, 0],
      groups,
      mask,
    ];
    const [dx, dw] = callMany('aten::convolution_backward', args, 3).map(use);
    if (wanted === 'filter') return call('aten::contiguous', use(permute(dw!, [2, 3, 1, 0])), 0);
    const [[top, bottom], [left, right]] = before;
    if (top + bottom + left + right === 0) return toNHWC(dx!);
    const [, height, width] = shapeOf(x) as Shape4;
    const rows = use(slice(use(toNHWC(dx!)), 1, top, top + height));
    return call('aten::contiguous', use(slice(rows, 2, left, left + width)), 0);
  });
}

function outputShape(
  x: number[],
  filter: number[],
  { strides, padding: [t, b, l, r], dilations }: Conv2DGeneralAttributes,
): Shape4 {
  const length = (size: number, pads: number, kernelSize: number, dilation: number, stride: number) =>
    Math.floor((size + pads - dilation * (kernelSize - 1) - 1) / stride) + 1;
  return [
    x[0]!,
    length(x[1]!, t + b, filter[0]!, dilations[0], strides[0]),
    length(x[2]!, l + r, filter[1]!, dilations[1], strides[1]),
    filter[3]!,
  ];
}

/** tfjs's own attributes as those of conv2dGeneral. */
function general(xShape: number[], filterShape: number[], a: tf.Conv2DAttrs): Conv2DGeneralAttributes {
  if (a.dataFormat !== 'NHWC')
    throw new Error(`convolutions need the data format NHWC, but it is ${a.dataFormat}.`);
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } =
    tf.backend_util.computeConv2DInfo(
      xShape as Shape4,
      filterShape as Shape4,
      a.strides,
      a.dilations ?? 1,
      a.pad,
      a.dimRoundingMode,
    );
  return {
    strides: [strideHeight, strideWidth],
    padding: [padInfo.top, padInfo.bottom, padInfo.left, padInfo.right],
    dilations: [dilationHeight, dilationWidth],
    groups: 1,
  };
}

export const conv: TorchKernel[] = [
  kernel<Conv2DGeneralAttributes>(Conv2DGeneral.name, ({ x, filter }, attributes, backend) =>
    backend.output(
      convolve(backend.handle(x!), backend.handle(filter!), attributes),
      outputShape(x!.shape, filter!.shape, attributes),
      'float32',
    ),
  ),
  kernel<Conv2DGradAttributes>(Conv2DGeneralInputGrad.name, ({ dy, filter }, attributes, backend) =>
    scoped((use) => {
      const x = use(emptyHandle(attributes.shape, 'float32')); // only its shape is looked at
      const inputs = { dy: backend.handle(dy!), x, filter: backend.handle(filter!) };
      return backend.output(gradients(inputs, attributes, 'x'), [...attributes.shape], 'float32');
    }),
  ),
  kernel<Conv2DGradAttributes>(Conv2DGeneralFilterGrad.name, ({ dy, x }, attributes, backend) =>
    scoped((use) => {
      const filter = use(emptyHandle(attributes.shape, 'float32'));
      const inputs = { dy: backend.handle(dy!), x: backend.handle(x!), filter };
      return backend.output(gradients(inputs, attributes, 'filter'), [...attributes.shape], 'float32');
    }),
  ),
  kernel<tf.Conv2DAttrs>(tf.Conv2D, ({ x, filter }, attributes, backend) => {
    const how = general(x!.shape, filter!.shape, attributes);
    const y = convolve(backend.handle(x!), backend.handle(filter!), how);
    return backend.output(y, outputShape(x!.shape, filter!.shape, how), 'float32');
  }),
  kernel<tf.Conv2DBackpropInputAttrs>(tf.Conv2DBackpropInput, ({ dy, filter }, attributes, backend) =>
    scoped((use) => {
      const to = attributes.inputShape;
      const how = general(to, filter!.shape, { ...attributes, dilations: 1 });
      const inputs = {
        dy: backend.handle(dy!),
        x: use(emptyHandle(to, 'float32')),
        filter: backend.handle(filter!),
      };
      return backend.output(gradients(inputs, how, 'x'), to, 'float32');
    }),
  ),
  kernel<tf.Conv2DBackpropFilterAttrs>(tf.Conv2DBackpropFilter, ({ x, dy }, attributes, backend) =>
    scoped((use) => {
      const to = attributes.filterShape;
      const how = general(x!.shape, to, { ...attributes, dilations: 1 });
      const inputs = {
        dy: backend.handle(dy!),
        x: backend.handle(x!),
        filter: use(emptyHandle(to, 'float32')),
      };
      return backend.output(gradients(inputs, how, 'filter'), to, 'float32');
    }),
  ),
];
