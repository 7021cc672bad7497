/**
 * The two gradients of `conv2dGeneral`, from operations that every backend has (the wasm backend has no filter
 * gradient of its own): dX is tfjs's transposed convolution cut to the unpadded picture; dW is, for each tap of
 * the filter, the product of the picture seen at that tap with dY.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Conv2DGeneralAttributes } from './conv2d-general.ts';
import { type KernelDefinition, runKernel } from './kernel.ts';

/** `shape`: of the gradient that is asked for. */
export type Conv2DGradAttributes = Conv2DGeneralAttributes & { readonly shape: readonly number[] };

export interface Conv2DInputGradInputs {
  readonly dy: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
}
export interface Conv2DFilterGradInputs {
  readonly dy: tf.Tensor4D;
  readonly x: tf.Tensor4D;
}

const split = (x: tf.Tensor4D, groups: number): tf.Tensor4D[] =>
  groups === 1 ? [x] : tf.split(x, groups, 3);
const concat = (parts: tf.Tensor4D[]): tf.Tensor4D => (parts.length === 1 ? parts[0]! : tf.concat(parts, 3));

/** A dilated filter as a plain one, with zeros between its taps: transposed convolutions know no dilation. */
function spread(filter: tf.Tensor4D, [dh, dw]: readonly [number, number]): tf.Tensor4D {
  if (dh === 1 && dw === 1) return filter;
  const [kh, kw, inputs, outputs] = filter.shape;
  const apart = tf.pad(tf.reshape(filter, [kh, 1, kw, 1, inputs * outputs]), [
    [0, 0],
    [0, dh - 1],
    [0, 0],
    [0, dw - 1],
    [0, 0],
  ]);
  const [height, width] = [(kh - 1) * dh + 1, (kw - 1) * dw + 1];
  const whole = tf.reshape(apart, [kh * dh, kw * dw, inputs, outputs]) as tf.Tensor4D;
  return tf.slice(whole, [0, 0, 0, 0], [height, width, inputs, outputs]);
}

export const Conv2DGeneralInputGrad: KernelDefinition<Conv2DInputGradInputs, Conv2DGradAttributes> = {
  name: 'Conv2DGeneralInputGrad',
  isGradient: true,
  define: ({ dy, filter }, { shape, strides, padding: [top, bottom, left, right], dilations, groups }) => {
    const [n, height, width, channels] = shape as [number, number, number, number];
    const padded: [number, number, number, number] = [
      n,
      height + top + bottom,
      width + left + right,
      channels / groups,
    ];
    const dys = split(dy, groups);
    const parts = split(filter, groups).map((part, g) =>
      tf.conv2dTranspose(dys[g]!, spread(part, dilations), padded, [...strides], 'valid'),
    );
    return tf.slice(concat(parts), [0, top, left, 0], [n, height, width, channels]);
  },
};

export const Conv2DGeneralFilterGrad: KernelDefinition<Conv2DFilterGradInputs, Conv2DGradAttributes> = {
  name: 'Conv2DGeneralFilterGrad',
  isGradient: true,
  define: (
    { dy, x },
    { shape, strides: [sh, sw], padding: [top, bottom, left, right], dilations: [dh, dw], groups },
  ) => {
    const [kh, kw, perGroup, outputs] = shape as [number, number, number, number];
    const [n, oh, ow] = dy.shape;
    const padded = split(
      tf.pad(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]),
      groups,
    );
    const rows = split(dy, groups).map((part) => tf.reshape(part, [-1, outputs / groups]) as tf.Tensor2D);
    const taps: tf.Tensor[] = [];
    for (let i = 0; i < kh * kw; i++) {
      const [y, z] = [Math.floor(i / kw) * dh, (i % kw) * dw];
      const seen = padded.map((part) =>
        tf.stridedSlice(
          part,
          [0, y, z, 0],
          [n, y + (oh - 1) * sh + 1, z + (ow - 1) * sw + 1, perGroup],
          [1, sh, sw, 1],
        ),
      );
      const products = seen.map((part, g) => tf.matMul(tf.reshape(part, [-1, perGroup]), rows[g]!, true));
      taps.push(products.length === 1 ? products[0]! : tf.concat(products, 1));
    }
    return tf.reshape(tf.stack(taps), [kh, kw, perGroup, outputs]);
  },
};

/** dX, shape `shape` = [N, H, W, Cin], from dY and the filter. */
export function inputGrad(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  attributes: Conv2DGradAttributes,
): tf.Tensor4D {
  return runKernel(Conv2DGeneralInputGrad, { dy, filter }, attributes);
}

/** dW, shape `shape` = [kh, kw, Cin / groups, Cout], from dY and the picture. */
export function filterGrad(dy: tf.Tensor4D, x: tf.Tensor4D, attributes: Conv2DGradAttributes): tf.Tensor4D {
  return runKernel(Conv2DGeneralFilterGrad, { dy, x }, attributes);
}
