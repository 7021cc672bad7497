/** Values moved about: other shapes, cuts, joins, repetitions. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {
  given,
  oneOf,
  permutation,
  type ShapeOptions,
  shape,
  someAxes,
  tensor,
  type ValueOptions,
  value,
  whole,
} from './arbitraries.ts';
import { type Draw, EXACT, type Row, type Table, type TensorValues } from './case.ts';

type Dtype = NonNullable<ValueOptions['dtype']>;
const DTYPES: readonly Dtype[] = ['float32', 'int32', 'bool'];

const any = (draw: Draw, to: readonly number[], dtypes = DTYPES): TensorValues =>
  draw(tensor, to, { dtype: draw(oneOf<Dtype>, dtypes), special: true, huge: true });

/** A row for what moves one tensor's values: `attributes` are drawn for its shape. */
const moved = (
  attributes: (draw: Draw, x: readonly number[]) => Record<string, unknown>,
  {
    input = 'x',
    dtypes = DTYPES,
    ...shapes
  }: ShapeOptions & { input?: string; dtypes?: readonly Dtype[] } = {},
): Row => ({
  cases: (draw) => {
    const x = draw(shape, shapes);
    return { inputs: { [input]: any(draw, x, dtypes) }, attributes: attributes(draw, x) };
  },
  tolerance: EXACT,
});

const withComplex: readonly Dtype[] = [...DTYPES, 'complex64'];
const axisOf = (draw: Draw, x: readonly number[]) => draw(whole, 0, x.length - 1);
const pads = (draw: Draw, x: readonly number[], most: (size: number) => number): [number, number][] =>
  x.map((size) => [draw(whole, 0, most(size)), draw(whole, 0, most(size))]);

/** The same values in another shape: some neighbouring axes made one, and an axis of 1. */
function regrouped(draw: Draw, x: readonly number[]): number[] {
  if (x.length === 0) return draw(oneOf<number[]>, [[], [1], [1, 1]]);
  const at = draw(whole, 0, x.length - 1);
  return draw(oneOf<number[]>, [
    [x.reduce((a, b) => a * b, 1)],
    [...x.slice(0, at), 1, ...x.slice(at)],
    [...x.slice(0, at), x.slice(at).reduce((a, b) => a * b, 1)],
  ]);
}

/** Of each axis a start, and how many from there. */
function cut(draw: Draw, x: readonly number[]): { begin: number[]; size: number[] } {
  const begin = x.map((size) => draw(whole, 0, size));
  return { begin, size: begin.map((start, axis) => draw(whole, 0, x[axis]! - start)) };
}

/** Begins and ends also beyond the edges and from the end, strides of both signs. */
function stridedCut(draw: Draw, x: readonly number[]): Record<string, unknown> {
  const strides = x.map(() => draw(oneOf<number>, [1, 1, 2, 3, -1, -2]));
  const place = (size: number) => draw(whole, -size - 1, size + 1);
  const [begin, end] = [x.map(place), x.map(place)];
  const mask = () => draw(whole, 0, 2 ** x.length - 1);
  const [beginMask, endMask] = [mask(), mask()];
  const found = tf.slice_util.sliceInfo([...x], begin, end, strides, beginMask, endMask, 0, 0, 0);
  // The cpu refuses an end before the begin; to TensorFlow it is a cut of nothing.
  fc.pre(found.strides.every((step, axis) => (found.end[axis]! - found.begin[axis]!) * step >= 0));
  return { begin, end, strides, beginMask, endMask, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
}

/** Tensors alike in all but one axis. */
function alike(draw: Draw, sameAxis: boolean): { inputs: TensorValues[]; attributes: { axis: number } } {
  const dtype = draw(oneOf<Dtype>, sameAxis ? DTYPES : withComplex);
  // Of no complex values at all the cpu's result cannot be read.
  const least = dtype === 'complex64' ? 1 : 0;
  const x = draw(shape, { minRank: sameAxis ? 0 : 1, maxRank: 5, least });
  const axis = draw(whole, 0, sameAxis ? x.length : x.length - 1);
  const inputs = Array.from({ length: draw(whole, 1, 4) }, () =>
    draw(tensor, sameAxis ? x : x.with(axis, draw(whole, least, 3)), { dtype, special: true, huge: true }),
  );
  return { inputs, attributes: { axis } };
}

export const SHAPES: Table = {
  [tf.Reshape]: moved((draw, x) => ({ shape: regrouped(draw, x) }), { dtypes: withComplex }),
  [tf.ExpandDims]: moved((draw, x) => ({ dim: draw(whole, -x.length - 1, x.length) }), { input: 'input' }),
  [tf.Transpose]: moved((draw, x) => ({ perm: draw(permutation, x.length) })),
  [tf.Slice]: moved(cut, { minRank: 1 }),
  [tf.StridedSlice]: moved(stridedCut, { minRank: 1, maxRank: 5 }),
  [tf.PadV2]: moved((draw, x) => ({ paddings: pads(draw, x, () => 2), constantValue: draw(whole, 0, 1) })),
  [tf.MirrorPad]: moved(
    (draw, x) => {
      const mode = draw(oneOf<string>, ['reflect', 'symmetric']);
      return { mode, paddings: pads(draw, x, (size) => Math.min(2, mode === 'reflect' ? size - 1 : size)) };
    },
    { least: 1, maxRank: 4, dtypes: ['float32', 'int32'] },
  ),
  [tf.Concat]: { cases: (draw) => alike(draw, false), tolerance: EXACT },
  [tf.Pack]: { cases: (draw) => alike(draw, true), tolerance: EXACT },
  [tf.Unpack]: moved((draw, x) => ({ axis: axisOf(draw, x) }), { input: 'value', minRank: 1, least: 1 }),
  [tf.SplitV]: moved(
    (draw, x) => {
      const axis = axisOf(draw, x);
      const first = draw(whole, 0, x[axis]!);
      return { axis, numOrSizeSplits: [first, x[axis]! - first] };
    },
    { minRank: 1 },
  ),
  [tf.Tile]: moved((draw, x) => ({ reps: x.map(() => draw(whole, 1, 3)) }), { maxRank: 5 }),
  [tf.Reverse]: moved((draw, x) => ({ dims: draw(someAxes, x.length) })),
  [tf.Diag]: moved(() => ({}), { minRank: 1, maxRank: 3, most: 3, dtypes: ['float32', 'int32'] }),
  [tf.FlipLeftRight]: moved(() => ({}), { input: 'image', rank: 4, least: 1, dtypes: ['float32', 'int32'] }),
  [tf.DepthToSpace]: {
    cases: (draw) => {
      const [n, h, w, depth] = draw(shape, { rank: 4, least: 1, most: 3 }) as [
        number,
        number,
        number,
        number,
      ];
      const blockSize = draw(whole, 2, 3);
      const channels = depth * blockSize ** 2;
      // The cpu has no kernel of NCHW.
      return {
        inputs: { x: draw(tensor, [n, h, w, channels]) },
        attributes: { blockSize, dataFormat: 'NHWC' },
      };
    },
    tolerance: EXACT,
  },
  [tf.SpaceToBatchND]: {
    cases: (draw) => {
      const places = draw(shape, { minRank: 1, maxRank: 3, least: 1 });
      const blockShape = places.map(() => draw(whole, 1, 3));
      const paddings = places.map((size, i) => {
        const before = draw(whole, 0, 2);
        return [before, (blockShape[i]! - ((size + before) % blockShape[i]!)) % blockShape[i]!];
      });
      const x = [draw(whole, 1, 3), ...places, ...draw(shape, { maxRank: 2, least: 1, most: 3 })];
      return { inputs: { x: draw(tensor, x) }, attributes: { blockShape, paddings } };
    },
    tolerance: EXACT,
  },
  [tf.BatchToSpaceND]: {
    cases: (draw) => {
      const places = draw(shape, { minRank: 1, maxRank: 3, least: 1 });
      const blockShape = places.map(() => draw(whole, 1, 3));
      const crops = places.map((size, i) => {
        const before = draw(whole, 0, size * blockShape[i]!);
        return [before, draw(whole, 0, size * blockShape[i]! - before)];
      });
      const batch = draw(whole, 1, 2) * blockShape.reduce((a, b) => a * b, 1);
      const x = [batch, ...places, ...draw(shape, { maxRank: 1, least: 1, most: 3 })];
      return { inputs: { x: draw(tensor, x) }, attributes: { blockShape, crops } };
    },
    tolerance: EXACT,
  },
  [tf.BroadcastArgs]: {
    cases: (draw) => {
      const to = draw(shape, { minRank: 1, maxRank: 4, least: 1 });
      const ones = to.map((size) => draw(oneOf<number>, [1, size]));
      const [s0, s1] = [ones.slice(draw(whole, 0, to.length - 1)), to].map((s) =>
        given([s.length], 'int32', s),
      );
      return { inputs: draw(fc.boolean) ? { s0: s0!, s1: s1! } : { s0: s1!, s1: s0! } };
    },
    tolerance: EXACT,
  },
  [tf.Fill]: {
    cases: (draw) => {
      const dtype = draw(oneOf<Dtype>, DTYPES);
      return {
        inputs: {},
        attributes: { shape: draw(shape), value: draw(value, { dtype, high: 1 }), dtype },
      };
    },
    tolerance: EXACT,
  },
  [tf.OneHot]: {
    cases: (draw) => ({
      inputs: { indices: draw(tensor, draw(shape, { maxRank: 4 }), { dtype: 'int32', low: -1, high: 5 }) },
      attributes: {
        depth: draw(whole, 2, 5),
        onValue: draw(whole, 1, 3),
        offValue: draw(whole, -1, 0),
        dtype: draw(oneOf<Dtype>, ['float32', 'int32']),
      },
    }),
    tolerance: EXACT,
  },
  [tf.Range]: {
    cases: (draw) => {
      const [start, stop] = [draw(whole, -9, 9), draw(whole, -9, 9)];
      const dtype = draw(oneOf<Dtype>, ['float32', 'int32']);
      const step = draw(whole, 1, 4) * (dtype === 'int32' ? 1 : 0.5) * (stop < start ? -1 : 1);
      return { inputs: {}, attributes: { start, stop, step, dtype } };
    },
    tolerance: EXACT,
  },
  [tf.LinSpace]: {
    cases: (draw) => {
      const [start, stop] = [draw(value), draw(value)];
      return { inputs: {}, attributes: { start, stop, num: draw(whole, 1, 9) } };
    },
  },
};
