/** The largest and the mean in windows of pictures and volumes, and their gradients; dilation by a filter. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { given, oneOf, permutation, tensor, whole } from './arbitraries.ts';
import { type Draw, EXACT, type Row, SUMS, type Table } from './case.ts';
import { type Five, type Four, type Geometry, geometry, volumeStrides } from './conv.ts';
import { runByName } from './run.ts';

interface Pool {
  readonly x: number[];
  readonly out: number[];
  readonly attributes: Record<string, unknown>;
}

/** Padding of at most half a window, so that no window sees nothing. */
function halved({ pad, size }: Geometry): Geometry['pad'] {
  const [h, w] = size.map((n) => Math.floor(n / 2)) as [number, number];
  if (typeof pad === 'string') return pad;
  if (typeof pad === 'number') return Math.min(pad, h);
  const sides = ([before, after]: readonly number[], most: number): [number, number] => [
    Math.min(before!, most),
    Math.min(after!, most),
  ];
  return [[0, 0], sides(pad[1], h), sides(pad[2], w), [0, 0]];
}

function pool2(draw: Draw, { padded = true } = {}): Pool {
  const drawn = geometry(draw, { dilated: false });
  const { strides, size: filterSize } = drawn;
  const pad = padded ? halved(drawn) : 'valid';
  const places = filterSize.map((n) => n + draw(whole, 0, 4)) as [number, number];
  const x: Four = [draw(whole, 1, 2), ...places, draw(whole, 1, 3)];
  const dimRoundingMode = 'floor';
  const { outShape } = tf.backend_util.computePool2DInfo(x, filterSize, strides, 1, pad, dimRoundingMode);
  return { x, out: outShape, attributes: { filterSize, strides, pad, dimRoundingMode } };
}

function pool3(draw: Draw, { padded = true, cubic = false } = {}): Pool {
  const size = () => draw(whole, 1, 2);
  const first = size();
  const filterSize: [number, number, number] = cubic ? [first, first, first] : [first, size(), size()];
  const pad = padded ? draw(oneOf<'same' | 'valid'>, ['same', 'valid']) : 'valid';
  const strides = volumeStrides(draw, pad, filterSize);
  const place = (k: number) => k + draw(whole, 0, 2);
  const x: Five = [size(), place(filterSize[0]), place(filterSize[1]), place(filterSize[2]), size()];
  const { outShape } = tf.backend_util.computePool3DInfo(x, filterSize, strides, 1, pad);
  return { x, out: outShape, attributes: { filterSize, strides, pad, dataFormat: 'NDHWC' } };
}

const largest = (pool: (draw: Draw) => Pool): Row => ({
  cases: (draw) => {
    const { x, attributes } = pool(draw);
    // A NaN is no maximum; but a window of one place the cpu passes through.
    const special = (attributes.filterSize as number[]).some((n) => n > 1);
    return { inputs: { x: draw(tensor, x, { special }) }, attributes };
  },
  tolerance: EXACT,
});

const mean = (pool: (draw: Draw) => Pool): Row => ({
  cases: (draw) => {
    const { x, attributes } = pool(draw);
    return { inputs: { x: draw(tensor, x) }, attributes };
  },
});

/** The cpu divides by the whole window at the edges, too, unlike its forward pass: no padding. */
const meanGrad = (pool: (draw: Draw, options: { padded: boolean }) => Pool): Row => ({
  cases: (draw) => {
    const { x, out, attributes } = pool(draw, { padded: false });
    return { inputs: { dy: draw(tensor, out), input: draw(tensor, x) }, attributes };
  },
  tolerance: SUMS,
});

/** @param ties also equal values, of which the first has the gradient */
const largestGrad = (name: string, pool: (draw: Draw) => Pool, { ties }: { ties: boolean }): Row => ({
  cases: (draw) => {
    const { x, out, attributes } = pool(draw);
    const count = x.reduce((a, b) => a * b, 1);
    const different = given(x, 'float32', draw(permutation, count));
    const input = ties && draw(fc.boolean) ? draw(tensor, x, { halves: true }) : different;
    return { inputs: { dy: draw(tensor, out), input }, attributes };
  },
  tolerance: SUMS,
  // It is given the forward pass's output, too.
  run: (inputs, attributes) => {
    const { dy, input } = inputs as Record<'dy' | 'input', tf.Tensor>;
    const output = runByName(name, { x: input }, attributes);
    return runByName(`${name}Grad`, { dy: dy!, input: input!, output }, attributes);
  },
});

/** A picture [N, H, W, C], a filter [h, w, C], and dy. */
const dilation =
  (withDy: boolean): Row['cases'] =>
  (draw) => {
    const { pad, strides, dilations, size } = geometry(draw, { padding: false });
    const filter: [number, number, number] = [...size, draw(whole, 1, 2)];
    const x: Four = [draw(whole, 1, 2), 5 + draw(whole, 0, 2), 5 + draw(whole, 0, 2), filter[2]];
    const { outShape } = tf.backend_util.computeDilation2DInfo(
      x,
      filter,
      strides,
      pad as 'same',
      'NHWC',
      dilations,
    );
    const inputs = { x: draw(tensor, x), filter: draw(tensor, filter) };
    return {
      inputs: withDy ? { ...inputs, dy: draw(tensor, outShape) } : inputs,
      attributes: { strides, pad, dilations },
    };
  };

export const POOL: Table = {
  [tf.MaxPool]: largest(pool2),
  [tf.MaxPool3D]: largest(pool3),
  [tf.AvgPool]: mean(pool2),
  [tf.AvgPool3D]: mean(pool3),
  [tf.MaxPoolGrad]: largestGrad(tf.MaxPool, pool2, { ties: true }),
  // The cpu finds a maximum's place in cubes only, and of equal ones the last.
  [tf.MaxPool3DGrad]: largestGrad(tf.MaxPool3D, (draw) => pool3(draw, { cubic: true }), { ties: false }),
  [tf.AvgPoolGrad]: meanGrad(pool2),
  [tf.AvgPool3DGrad]: meanGrad(pool3),
  [tf.MaxPoolWithArgmax]: {
    cases: (draw) => {
      const { x, attributes } = pool2(draw);
      return {
        inputs: { x: draw(tensor, x) },
        attributes: { ...attributes, includeBatchInIndex: draw(fc.boolean) },
      };
    },
    tolerance: EXACT,
  },
  [tf.Dilation2D]: { cases: dilation(false) },
  [tf.Dilation2DBackpropInput]: { cases: dilation(true), tolerance: SUMS },
  [tf.Dilation2DBackpropFilter]: { cases: dilation(true), tolerance: SUMS },
};
