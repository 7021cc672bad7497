/**
 * 2-D convolution as PyTorch's: explicit, possibly uneven padding and groups, which `tf.conv2d` lacks
 * ('same' pads unevenly at stride 2, and groups cannot be said at all). NHWC pictures, HWIO filters.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { filterGrad, inputGrad } from './conv2d-general-grad.ts';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface Conv2DGeneralAttributes {
  readonly strides: readonly [height: number, width: number];
  readonly padding: readonly [top: number, bottom: number, left: number, right: number];
  readonly dilations: readonly [height: number, width: number];
  readonly groups: number;
}
export interface Conv2DGeneralInputs {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
}

export const Conv2DGeneral: KernelDefinition<Conv2DGeneralInputs, Conv2DGeneralAttributes> = {
  name: 'Conv2DGeneral',
  define: ({ x, filter }, { strides, padding: [top, bottom, left, right], dilations, groups }) => {
    const padded = tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const inputs = (groups === 1 ? [padded] : tf.split(padded, groups, 3)) as tf.Tensor4D[];
    const filters = (groups === 1 ? [filter] : tf.split(filter, groups, 3)) as tf.Tensor4D[];
    const outputs = inputs.map((input, g) =>
      tf.conv2d(input, filters[g]!, [...strides], 'valid', 'NHWC', [...dilations]),
    );
    return groups === 1 ? outputs[0]! : tf.concat(outputs, 3);
  },
};

tf.registerGradient({
  kernelName: Conv2DGeneral.name,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, [x, filter], attributes) => {
    const how = attributes as unknown as Conv2DGeneralAttributes;
    return {
      x: () => inputGrad(dy as tf.Tensor4D, filter as tf.Tensor4D, { ...how, shape: x!.shape }),
      filter: () => filterGrad(dy as tf.Tensor4D, x as tf.Tensor4D, { ...how, shape: filter!.shape }),
    };
  },
});

export interface Conv2DGeneralOptions {
  /** One number, or [height, width]. */
  readonly strides?: number | readonly [number, number];
  /** One number, [height, width], or [top, bottom, left, right]; zeros are added. */
  readonly padding?: number | readonly [number, number] | readonly [number, number, number, number];
  readonly dilations?: number | readonly [number, number];
  readonly groups?: number;
}

const pair = (value: number | readonly [number, number]): readonly [number, number] =>
  typeof value === 'number' ? [value, value] : value;

function sides(padding: NonNullable<Conv2DGeneralOptions['padding']>): Conv2DGeneralAttributes['padding'] {
  if (typeof padding !== 'number' && padding.length === 4) return padding;
  const [height, width] = pair(padding as number | readonly [number, number]);
  return [height, height, width, width];
}

/** The options in full. @throws InputError when channels and groups do not fit */
export function convAttributes(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { strides = 1, padding = 0, dilations = 1, groups = 1 }: Conv2DGeneralOptions,
): Conv2DGeneralAttributes {
  const [, , perGroup, outputs] = filter.shape;
  if (x.shape[3] !== perGroup * groups || outputs % groups !== 0)
    throw new InputError(
      `conv2dGeneral with ${groups} groups needs a filter of [kh, kw, ${x.shape[3]} / ${groups}, a multiple of ${groups}], but it is [${filter.shape}].`,
      { x: x.shape, filter: filter.shape, groups },
    );
  return { strides: pair(strides), padding: sides(padding), dilations: pair(dilations), groups };
}

/**
 * @param x float32, shape [N, H, W, Cin]
 * @param filter float32, shape [kh, kw, Cin / groups, Cout]
 * @returns shape [N, H', W', Cout], H' = floor((H + pads - dilation (kh - 1) - 1) / stride) + 1
 * @throws InputError when channels and groups do not fit
 * @example
 * conv2dGeneral(images, filter, { strides: 2, padding: 1 }); // PyTorch's Conv2d(..., 3, stride=2, padding=1)
 */
export function conv2dGeneral(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  options: Conv2DGeneralOptions = {},
): tf.Tensor4D {
  return runKernel(Conv2DGeneral, { x, filter }, convAttributes(x, filter, options));
}
