/** Values from and to places that a tensor names. */
import * as tf from '@tensorflow/tfjs-core';
import { indices, oneOf, shape, tensor, type ValueOptions, whole } from './arbitraries.ts';
import { type Draw, EXACT, type Row, SUMS, type Table, type TensorValues } from './case.ts';
import { runByName } from './run.ts';

type Dtype = NonNullable<ValueOptions['dtype']>;
const DTYPES: readonly Dtype[] = ['float32', 'int32'];

/** Places [n, depth] in a shape; the first axes' sizes limit them. */
function placesIn(draw: Draw, n: readonly number[], to: readonly number[], depth: number): TensorValues {
  const columns = to.slice(0, depth).map((size) => draw(indices, n, size).values as number[]);
  const count = n.reduce((a, b) => a * b, 1);
  const values = Array.from({ length: count }, (_, i) => columns.map((column) => column[i]!)).flat();
  return { shape: [...n, depth], dtype: 'int32', values };
}

/** Slices [n, ...] and their places in a shape. */
function scattered(draw: Draw, dtypes: readonly Dtype[], least = 0) {
  const to = draw(shape, { minRank: 1, maxRank: 4, least: 1 });
  const depth = draw(whole, 1, to.length);
  const n = draw(whole, least, 5);
  const dtype = draw(oneOf<Dtype>, dtypes);
  return {
    to,
    dtype,
    places: placesIn(draw, [n], to, depth),
    slices: draw(tensor, [n, ...to.slice(depth)], { dtype }),
  };
}

/** Each place once, in order: of several updates any may be the last, and TensorFlow takes them sorted. */
function sortedOnce<T extends TensorValues>(places: T, slices: TensorValues): [T, TensorValues] {
  const [n, depth] = places.shape as [number, number];
  const size = slices.values.length / n;
  const row = (of: TensorValues, i: number, length: number) => of.values.slice(i * length, (i + 1) * length);
  const rows = Array.from({ length: n }, (_, i) => i);
  const names = rows.map((i) => row(places, i, depth).join());
  const before = (a: number, b: number) => {
    const axis = row(places, a, depth).findIndex((value, k) => value !== places.values[b * depth + k]);
    return (places.values[a * depth + axis] as number) - (places.values[b * depth + axis] as number);
  };
  const kept = rows.filter((i) => names.indexOf(names[i]!) === i).sort(before);
  const only = <U extends TensorValues>(of: U, length: number): U => ({
    ...of,
    shape: [kept.length, ...of.shape.slice(1)],
    values: kept.flatMap((i) => row(of, i, length)),
  });
  return [only(places, depth), only(slices, size)];
}

const segments: Row['cases'] = (draw) => {
  const x = draw(shape, { minRank: 1, maxRank: 4 });
  const numSegments = draw(whole, 1, 4);
  return {
    inputs: {
      x: draw(tensor, x, { dtype: draw(oneOf<Dtype>, DTYPES) }),
      segmentIds: draw(tensor, x.slice(0, 1), { dtype: 'int32', low: -1, high: numSegments - 1 }),
    },
    attributes: { numSegments },
  };
};

export const PLACES: Table = {
  [tf.GatherV2]: {
    cases: (draw) => {
      const x = draw(shape, { minRank: 1, maxRank: 4, least: 1 });
      const batchDims = draw(whole, 0, Math.min(1, x.length - 1));
      const axis = draw(whole, batchDims, x.length - 1);
      const places = [...x.slice(0, batchDims), ...draw(shape, { maxRank: 2, least: 1, most: 4 })];
      return {
        inputs: {
          x: draw(tensor, x, { dtype: draw(oneOf<Dtype>, DTYPES), special: true, huge: true }),
          indices: draw(indices, places, x[axis]!),
        },
        attributes: { axis, batchDims },
      };
    },
    tolerance: EXACT,
  },
  [tf.GatherNd]: {
    cases: (draw) => {
      const params = draw(shape, { minRank: 1, maxRank: 4, least: 1 });
      const n = draw(shape, { maxRank: 2, least: 1, most: 4 });
      return {
        inputs: {
          params: draw(tensor, params, { dtype: draw(oneOf<Dtype>, DTYPES), special: true, huge: true }),
          indices: placesIn(draw, n, params, draw(whole, 1, params.length)),
        },
      };
    },
    tolerance: EXACT,
  },
  [tf.ScatterNd]: {
    cases: (draw) => {
      const { to, places, slices } = scattered(draw, DTYPES);
      return { inputs: { indices: places, updates: slices }, attributes: { shape: to } };
    },
    tolerance: SUMS,
  },
  [tf.TensorScatterUpdate]: {
    cases: (draw) => {
      const { to, dtype, ...drawn } = scattered(draw, DTYPES, 1);
      const [places, updates] = sortedOnce(drawn.places, drawn.slices);
      return { inputs: { tensor: draw(tensor, to, { dtype }), indices: places, updates } };
    },
    tolerance: EXACT,
  },
  [tf.SparseToDense]: {
    cases: (draw) => {
      const to = draw(shape, { minRank: 1, maxRank: 4, least: 1 });
      const n = draw(whole, 1, 5);
      const dtype = draw(oneOf<Dtype>, DTYPES);
      const drawn = placesIn(draw, [n], to, to.length);
      const [sparseIndices, sparseValues] = sortedOnce(drawn, draw(tensor, [n], { dtype }));
      return {
        inputs: { sparseIndices, sparseValues, defaultValue: draw(tensor, [], { dtype }) },
        attributes: { outputShape: to },
      };
    },
    tolerance: EXACT,
  },
  [tf.UnsortedSegmentSum]: {
    cases: segments,
    tolerance: SUMS,
    // Of int32 the cpu makes a float32.
    run: (inputs, attributes) => {
      const sums = runByName(tf.UnsortedSegmentSum, inputs, attributes);
      return tf.cast(sums, (inputs as { x: tf.Tensor }).x.dtype);
    },
  },
  [tf.Bincount]: {
    cases: (draw) => {
      const size = draw(whole, 1, 6);
      const n = draw(whole, 0, 9);
      return {
        inputs: {
          x: draw(indices, [n], size + 2),
          weights: draw(tensor, [draw(oneOf<number>, [0, n])], { dtype: draw(oneOf<Dtype>, DTYPES) }),
        },
        attributes: { size },
      };
    },
    tolerance: SUMS,
  },
  [tf.DenseBincount]: {
    cases: (draw) => {
      const size = draw(whole, 1, 6);
      const x = draw(shape, { minRank: 1, maxRank: 2, least: 1 });
      return {
        inputs: {
          x: draw(indices, x, size),
          weights: draw(tensor, draw(oneOf<number[]>, [[0], x]), { dtype: draw(oneOf<Dtype>, DTYPES) }),
        },
        attributes: { size, binaryOutput: draw(oneOf<boolean>, [true, false]) },
      };
    },
    tolerance: SUMS,
  },
  [tf.Unique]: {
    cases: (draw) => {
      const x = draw(shape, { minRank: 1, maxRank: 3, least: 1 });
      return {
        inputs: { x: draw(tensor, x, { dtype: draw(oneOf<Dtype>, DTYPES), low: 0, high: 2, halves: true }) },
        attributes: { axis: draw(whole, 0, x.length - 1) },
      };
    },
    tolerance: EXACT,
  },
  [tf.SearchSorted]: {
    cases: (draw) => {
      const [batch, n, m] = [draw(whole, 1, 3), draw(whole, 1, 6), draw(whole, 1, 6)];
      const options = { dtype: draw(oneOf<Dtype>, DTYPES), halves: true };
      const drawn = draw(tensor, [batch, n], options);
      const rows = Array.from({ length: batch }, (_, b) =>
        (drawn.values.slice(b * n, (b + 1) * n) as number[]).sort((p, q) => p - q),
      );
      return {
        inputs: {
          sortedSequence: { ...drawn, values: rows.flat() },
          values: draw(tensor, [batch, m], options),
        },
        attributes: { side: draw(oneOf<string>, ['left', 'right']) },
      };
    },
    tolerance: EXACT,
  },
};
