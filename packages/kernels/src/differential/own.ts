/** This package's kernels of pictures and values: general convolutions, seeded numbers, bytes, gradients of cuts. */
import fc from 'fast-check';
import * as own from '../index.ts';
import { oneOf, shape, tensor, value, whole } from './arbitraries.ts';
import { type Draw, EXACT, ROUNDING, type Table } from './case.ts';
import { ownRow } from './own-row.ts';

/** A picture, a filter of some groups, and what comes out. */
function convolution(draw: Draw) {
  const pair = (low: number, high: number): [number, number] => [
    draw(whole, low, high),
    draw(whole, low, high),
  ];
  const groups = draw(whole, 1, 2);
  const [size, strides] = [pair(1, 3), pair(1, 2)];
  const dilations = strides.every((stride) => stride === 1) ? pair(1, 2) : [1, 1];
  const padding = [...pair(0, 2), ...pair(0, 2)];
  const reach = size.map((k, i) => dilations[i]! * (k - 1) + 1);
  const places = reach.map((k) => k + draw(whole, 0, 3));
  const steps = (i: number) => places[i]! + padding[2 * i]! + padding[2 * i + 1]! - reach[i]!;
  const out = places.map((_, i) => Math.floor(steps(i) / strides[i]!) + 1);
  const channels = () => draw(oneOf<number>, [1, 2, 4, 8, 16]);
  const [perGroup, outputs, n] = [channels(), groups * channels(), draw(whole, 1, 2)];
  return {
    x: [n, ...places, groups * perGroup],
    filter: [...size, perGroup, outputs],
    dy: [n, ...out, outputs],
    attributes: { strides, padding, dilations, groups },
  };
}

const seeded = (draw: Draw) => ({
  inputs: {},
  attributes: {
    shape: draw(shape),
    seed: draw(whole, 0, 9),
    keys: [draw(whole, 0, 9)],
    shift: draw(value),
    scale: draw(value),
  },
});

export const OWN: Table = {
  ...ownRow(own.Conv2DGeneral, (draw) => {
    const { x, filter, attributes } = convolution(draw);
    return { inputs: { x: draw(tensor, x), filter: draw(tensor, filter) }, attributes };
  }),
  ...ownRow(own.FusedConv2DGeneral, (draw) => {
    const { x, filter, dy, attributes } = convolution(draw);
    return {
      inputs: {
        x: draw(tensor, x),
        filter: draw(tensor, filter),
        bias: draw(tensor, dy.slice(3)),
        residual: draw(fc.boolean) ? draw(tensor, dy) : undefined,
      },
      attributes: { ...attributes, activation: draw(oneOf<string>, ['linear', 'relu']) },
    };
  }),
  ...ownRow(own.Conv2DGeneralInputGrad, (draw) => {
    const { x, filter, dy, attributes } = convolution(draw);
    return {
      inputs: { dy: draw(tensor, dy), filter: draw(tensor, filter) },
      attributes: { ...attributes, shape: x },
    };
  }),
  ...ownRow(own.Conv2DGeneralFilterGrad, (draw) => {
    const { x, filter, dy, attributes } = convolution(draw);
    return {
      inputs: { dy: draw(tensor, dy), x: draw(tensor, x) },
      attributes: { ...attributes, shape: filter },
    };
  }),
  ...ownRow(own.SeededNormal, seeded, { tolerance: EXACT }),
  ...ownRow(own.SeededUniform, seeded, { tolerance: EXACT }),
  ...ownRow(
    own.ImagesFromBytes,
    (draw) => {
      const to = draw(shape, { rank: 4, least: 1 });
      const channel = (low: number) =>
        to.slice(3).flatMap((c) => Array.from({ length: c }, () => draw(value, { low, high: 1 })));
      const count = to.reduce((a, b) => a * b, 1);
      const bytes = Uint8Array.from({ length: count }, () => draw(whole, 0, 255));
      return { inputs: {}, attributes: { bytes, shape: to, mean: channel(0), std: channel(0.125) } };
    },
    { tolerance: ROUNDING },
  ),
  ...ownRow(
    own.ReluGrad,
    (draw) => {
      const x = draw(shape);
      return { inputs: { dy: draw(tensor, x), y: draw(tensor, x, { low: 0 }) } };
    },
    { tolerance: EXACT },
  ),
  ...ownRow(
    own.StridedSliceGrad,
    (draw) => {
      const to = draw(shape, { minRank: 1, maxRank: 4, least: 1 });
      const strides = to.map(() => draw(whole, 1, 3));
      const begin = to.map((size) => draw(whole, 0, size - 1));
      const cut = to.map((size, axis) => Math.ceil((size - begin[axis]!) / strides[axis]!));
      return { inputs: { dy: draw(tensor, cut) }, attributes: { shape: to, begin, strides } };
    },
    { tolerance: EXACT },
  ),
};
