/** Sparse and ragged tensors: places and values, rows of unequal length. */
import * as tf from '@tensorflow/tfjs-core';
import { given, indices, oneOf, shape, tensor, whole } from './arbitraries.ts';
import { type Draw, EXACT, type Row, SUMS, type Table, type TensorValues } from './case.ts';

const ints = (...values: number[]): TensorValues => given([values.length], 'int32', values);
const times = <T>(n: number, one: () => T): T[] => Array.from({ length: n }, one);

/** Where each of some rows ends: 0, ..., total. */
function splits(draw: Draw, rows: number, least = 0): number[] {
  const ends = [0];
  for (let i = 0; i < rows; i++) ends.push(ends[i]! + draw(whole, least, 3));
  return ends;
}

/** Rows of data, chosen by place, summed in segments that ascend without a hole. */
const segments: Row['cases'] = (draw) => {
  const data = draw(shape, { minRank: 1, maxRank: 3, least: 1 });
  const ends = splits(draw, draw(whole, 1, 4), 1);
  const segmentIds = ends.slice(1).flatMap((end, i) => times(end - ends[i]!, () => i));
  return {
    inputs: {
      data: draw(tensor, data),
      indices: draw(indices, [segmentIds.length], data[0]!),
      segmentIds: ints(...segmentIds),
    },
  };
};

export const SPARSE: Table = {
  [tf.SparseFillEmptyRows]: {
    cases: (draw) => {
      const [rows, columns] = [draw(whole, 1, 5), draw(whole, 1, 4)];
      const filled = times(rows, () => draw(whole, 0, 1)).flatMap((is, row) => (is ? [row] : []));
      const places = filled.flatMap((row) => [row, draw(whole, 0, columns - 1)]);
      return {
        inputs: {
          indices: given([filled.length, 2], 'int32', places),
          values: draw(tensor, [filled.length]),
          denseShape: ints(rows, columns),
          defaultValue: draw(tensor, []),
        },
      };
    },
    tolerance: EXACT,
  },
  [tf.SparseReshape]: {
    cases: (draw) => {
      const from = draw(shape, { minRank: 1, maxRank: 4, least: 1 });
      const n = draw(whole, 0, 5);
      const columns = from.map((size) => draw(indices, [n], size).values as number[]);
      const places = Array.from({ length: n }, (_, i) => columns.map((column) => column[i]!)).flat();
      const total = from.reduce((a, b) => a * b, 1);
      const to = draw(oneOf<number[]>, [[total], [-1, from.at(-1)!], [1, total], [...from].reverse()]);
      return {
        inputs: {
          inputIndices: given([n, from.length], 'int32', places),
          inputShape: ints(...from),
          newShape: ints(...to),
        },
      };
    },
    tolerance: EXACT,
  },
  [tf.SparseSegmentMean]: { cases: segments, tolerance: SUMS },
  [tf.SparseSegmentSum]: { cases: segments, tolerance: SUMS },
  [tf.RaggedGather]: {
    cases: (draw) => {
      const rows = draw(whole, 1, 4);
      const ends = splits(draw, rows);
      const places = draw(shape, { minRank: 0, maxRank: 2, least: 1, most: 3 });
      return {
        inputs: {
          paramsNestedSplits: [ints(...ends)],
          paramsDenseValues: draw(tensor, [ends.at(-1)!]),
          indices: draw(indices, places, rows),
        },
        attributes: { outputRaggedRank: places.length },
      };
    },
    tolerance: EXACT,
  },
  [tf.RaggedRange]: {
    cases: (draw) => {
      const rows = draw(whole, 1, 4);
      const each = (low: number, high: number) => ints(...times(rows, () => draw(whole, low, high)));
      return { inputs: { starts: each(-3, 0), limits: each(0, 5), deltas: each(1, 3) } };
    },
    tolerance: EXACT,
  },
  [tf.RaggedTensorToTensor]: {
    cases: (draw) => {
      const ends = splits(draw, draw(whole, 1, 4), 1);
      return {
        inputs: {
          shape: ints(-1, -1),
          values: draw(tensor, [ends.at(-1)!]),
          defaultValue: draw(tensor, []),
          rowPartitionTensors: [ints(...ends)],
        },
        attributes: { rowPartitionTypes: ['ROW_SPLITS'] },
      };
    },
    tolerance: EXACT,
  },
};
