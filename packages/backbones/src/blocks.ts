/** The residual blocks: each a function of its weights' name and sizes, giving a layer. */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture } from './architectures.ts';
import { conv, convNorm, type Layer, normRelu } from './layers.ts';
import type { Variables } from './variables.ts';

export interface BlockSize {
  readonly inputs: number;
  /** Channels of the inner convolutions; a bottleneck gives four times as many. */
  readonly planes: number;
  readonly strides: number;
}
export type MakeBlock = (variables: Variables, name: string, size: BlockSize, how: Architecture) => Layer;

/** Option A: every second place, and zeros for the new channels, half before and half behind. */
function padded(x: tf.Tensor4D, outputs: number, strides: number): tf.Tensor4D {
  const [n, height, width, inputs] = x.shape;
  const places = tf.stridedSlice(x, [0, 0, 0, 0], [n, height, width, inputs], [1, strides, strides, 1]);
  const more = (outputs - inputs) / 2;
  return tf.pad4d(places as tf.Tensor4D, [[0, 0], [0, 0], [0, 0], [more, more]]); // biome-ignore format: a row
}

/** x as it is, where the shape stays; else option A or B. */
function shortcut(
  variables: Variables,
  name: string,
  { inputs, outputs, strides }: { inputs: number; outputs: number; strides: number },
  { shortcut: kind = 'projection' }: Architecture,
): Layer {
  if (inputs === outputs && strides === 1) return (x) => x;
  if (kind === 'padding') return (x) => padded(x, outputs, strides);
  const names = { conv: `${name}.downsample.0`, norm: `${name}.downsample.1` };
  return convNorm(variables, names, { inputs, outputs, strides, size: 1, activation: 'linear' });
}

const numbered = (name: string, i: number) => ({ conv: `${name}.conv${i}`, norm: `${name}.bn${i}` });

const basic: MakeBlock = (variables, name, { inputs, planes, strides }, how) => {
  const first = convNorm(variables, numbered(name, 1), { inputs, outputs: planes, strides });
  const second = convNorm(variables, numbered(name, 2), { inputs: planes, outputs: planes });
  const residual = shortcut(variables, name, { inputs, outputs: planes, strides }, how);
  return (x, options) => second(first(x, options), { ...options, residual: residual(x, options) });
};

const bottleneck: MakeBlock = (variables, name, { inputs, planes, strides }, how) => {
  const { groups = 1, widthPerGroup = 64, strideIn = '3x3' } = how;
  const inner = Math.floor((planes * widthPerGroup) / 64) * groups;
  const outputs = planes * EXPANSION.bottleneck;
  const [outer, middle] = strideIn === '1x1' ? [strides, 1] : [1, strides];
  const first = convNorm(variables, numbered(name, 1), { inputs, outputs: inner, size: 1, strides: outer });
  const sizes = { inputs: inner, outputs: inner, strides: middle, groups };
  const second = convNorm(variables, numbered(name, 2), sizes);
  const third = convNorm(variables, numbered(name, 3), { inputs: inner, outputs, size: 1 });
  const residual = shortcut(variables, name, { inputs, outputs, strides }, how);
  return (x, options) =>
    third(second(first(x, options), options), { ...options, residual: residual(x, options) });
};

/** Where the shape changes, the shortcut begins behind the first batch norm. */
const preActivation: MakeBlock = (variables, name, { inputs, planes: outputs, strides }) => {
  const before = normRelu(variables, `${name}.bn1`, inputs);
  const first = convNorm(
    variables,
    { conv: `${name}.conv1`, norm: `${name}.bn2` },
    { inputs, outputs, strides },
  );
  const second = conv(variables, `${name}.conv2`, { inputs: outputs, outputs });
  const projection =
    inputs === outputs
      ? undefined
      : conv(variables, `${name}.convShortcut`, { inputs, outputs, strides, size: 1 });
  return (x, options) => {
    const active = before(x, options);
    const residual = projection?.(active, options) ?? x;
    return tf.add(residual, second(first(active, options), options));
  };
};

export const BLOCKS: Readonly<Record<Architecture['block'], MakeBlock>> = {
  basic,
  bottleneck,
  'pre-activation': preActivation,
};
/** Output channels of a block for each of its planes. */
export const EXPANSION: Readonly<Record<Architecture['block'], number>> = {
  basic: 1,
  bottleneck: 4,
  'pre-activation': 1,
};
