/** Convolutions of pictures and volumes, and their gradients. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { oneOf, tensor, whole } from './arbitraries.ts';
import { type Case, type Draw, type Row, SUMS, type Table } from './case.ts';
import { ACTIVATIONS } from './matrix.ts';

export type Four = [number, number, number, number];
export type Five = [number, number, number, number, number];
const four = (a: number[]): Four => a as Four;

export interface Geometry {
  readonly pad: 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];
  readonly strides: [number, number];
  readonly dilations: [number, number];
  /** Of the filter. For a number as padding tfjs counts the places as if it and the strides were square. */
  readonly size: [number, number];
}

interface GeometryOptions {
  readonly padding?: boolean;
  readonly dilated?: boolean;
}

/** Strides or dilations, not both: that is all that tfjs takes. */
export function geometry(draw: Draw, { padding = true, dilated = true }: GeometryOptions = {}): Geometry {
  const kinds = ['same', 'valid', ...(padding ? (['number', 'explicit'] as const) : [])] as const;
  const kind = draw(oneOf<(typeof kinds)[number]>, kinds);
  const isSquare = kind === 'number';
  const pair = (high: number): [number, number] => {
    const first = draw(whole, 1, high);
    return [first, isSquare ? first : draw(whole, 1, high)];
  };
  const sides = (): [number, number] => [draw(whole, 0, 2), draw(whole, 0, 2)];
  const isDilated = dilated && draw(whole, 0, 3) === 3;
  return {
    pad:
      kind === 'number' ? draw(whole, 0, 2) : kind === 'explicit' ? [[0, 0], sides(), sides(), [0, 0]] : kind,
    strides: isDilated ? [1, 1] : pair(3),
    dilations: isDilated ? pair(2) : [1, 1],
    size: pair(3),
  };
}

interface Pictures {
  readonly x: Four;
  readonly filter: Four;
  readonly out: Four;
  readonly how: Record<string, unknown>;
}

/** A picture, a filter that fits, and the shape that comes out. */
function pictures(draw: Draw, { depthwise = false, dilated = true, padding = true } = {}): Pictures {
  const {
    size: [kh, kw],
    ...how
  } = geometry(draw, { dilated, padding });
  const reach = (size: number, dilation: number) => dilation * (size - 1) + 1;
  const x = four([
    draw(whole, 1, 2),
    reach(kh, how.dilations[0]) + draw(whole, 0, 4),
    reach(kw, how.dilations[1]) + draw(whole, 0, 4),
    draw(whole, 1, 3),
  ]);
  const filter = four([kh, kw, x[3], draw(whole, 1, 3)]);
  const { outShape } = tf.backend_util.computeConv2DInfo(
    x,
    filter,
    how.strides,
    how.dilations,
    how.pad as 'same',
    'floor',
    depthwise,
  );
  return { x, filter, out: outShape, how: { ...how, dimRoundingMode: 'floor', dataFormat: 'NHWC' } };
}

/** The same picture with its channels second, where the cpu has kernels for it. */
function turned(draw: Draw, { x, how }: Pictures): Case['attributes'] & { readonly shape: number[] } {
  const isFirst = !Array.isArray(how.pad) && draw(whole, 0, 3) === 3;
  const [n, h, w, c] = x;
  return isFirst ? { ...how, dataFormat: 'NCHW', shape: [n, c, h, w] } : { ...how, shape: [...x] };
}

const forward =
  (depthwise: boolean): Row['cases'] =>
  (draw) => {
    const drawn = pictures(draw, { depthwise });
    const { shape, ...attributes } = depthwise ? { ...drawn.how, shape: [...drawn.x] } : turned(draw, drawn);
    return { inputs: { x: draw(tensor, shape), filter: draw(tensor, drawn.filter) }, attributes };
  };

const fused =
  (depthwise: boolean): Row['cases'] =>
  (draw) => {
    const { x, filter, out, how } = pictures(draw, { depthwise });
    const activation = draw(oneOf<string>, ACTIVATIONS);
    const channels = out.slice(-1);
    return {
      inputs: {
        x: draw(tensor, x),
        filter: draw(tensor, filter),
        bias: draw(fc.boolean) ? draw(tensor, channels) : undefined,
        preluActivationWeights: activation === 'prelu' ? draw(tensor, [1, 1, ...channels]) : undefined,
      },
      attributes: { ...how, activation, leakyreluAlpha: 0.25 },
    };
  };

const backward =
  (wanted: 'input' | 'filter', depthwise: boolean): Row['cases'] =>
  (draw) => {
    // The cpu's gradients know no dilation, and tfjs asks for none.
    const { x, filter, out, how } = pictures(draw, { depthwise, dilated: false });
    const dy = draw(tensor, out);
    return wanted === 'input'
      ? { inputs: { dy, filter: draw(tensor, filter) }, attributes: { ...how, inputShape: x } }
      : { inputs: { x: draw(tensor, x), dy }, attributes: { ...how, filterShape: filter } };
  };

/** Where steps are longer than a window with 'same' padding, tfjs pads less than nothing; TensorFlow does not. */
export function volumeStrides(
  draw: Draw,
  pad: string,
  [d, h, w]: readonly number[],
): [number, number, number] {
  const step = (size: number | undefined) => draw(whole, 1, pad === 'same' ? size! : 2);
  return [step(d), step(h), step(w)];
}

/** A volume, a filter that fits, and the shape that comes out. */
function volumes(draw: Draw) {
  const size = () => draw(whole, 1, 2);
  const pad = draw(oneOf<'same' | 'valid'>, ['same', 'valid']);
  const filter: Five = [size(), size(), size(), size(), size()];
  const strides = volumeStrides(draw, pad, filter);
  const place = (k: number) => k + draw(whole, 0, 2);
  const x: Five = [size(), place(filter[0]), place(filter[1]), place(filter[2]), filter[3]];
  const { outShape } = tf.backend_util.computeConv3DInfo(x, filter, strides, 1, pad);
  return { x, filter, out: outShape, how: { strides, pad } };
}

export const CONV: Table = {
  [tf.Conv2D]: { cases: forward(false), tolerance: SUMS },
  [tf.DepthwiseConv2dNative]: { cases: forward(true), tolerance: SUMS },
  [tf.FusedConv2D]: { cases: fused(false), tolerance: SUMS },
  [tf.FusedDepthwiseConv2D]: { cases: fused(true), tolerance: SUMS },
  [tf.Conv2DBackpropInput]: { cases: backward('input', false), tolerance: SUMS },
  [tf.Conv2DBackpropFilter]: { cases: backward('filter', false), tolerance: SUMS },
  [tf.DepthwiseConv2dNativeBackpropInput]: { cases: backward('input', true), tolerance: SUMS },
  [tf.DepthwiseConv2dNativeBackpropFilter]: { cases: backward('filter', true), tolerance: SUMS },
  [tf.Conv3D]: {
    cases: (draw) => {
      const { x, filter, how } = volumes(draw);
      return {
        inputs: { x: draw(tensor, x), filter: draw(tensor, filter) },
        attributes: { ...how, dataFormat: 'NDHWC', dilations: 1 },
      };
    },
    tolerance: SUMS,
  },
  [tf.Conv3DBackpropInputV2]: {
    cases: (draw) => {
      const { x, filter, out, how } = volumes(draw);
      return {
        inputs: { dy: draw(tensor, out), filter: draw(tensor, filter) },
        attributes: { ...how, inputShape: x },
      };
    },
    tolerance: SUMS,
  },
  [tf.Conv3DBackpropFilterV2]: {
    cases: (draw) => {
      const { x, filter, out, how } = volumes(draw);
      return {
        inputs: { x: draw(tensor, x), dy: draw(tensor, out) },
        attributes: { ...how, filterShape: filter },
      };
    },
    tolerance: SUMS,
  },
};
