/** Rows of embeddings and their classes: what heads are fitted and tested on. */
import * as tf from '@tensorflow/tfjs-core';

export interface Part {
  /** The file, for messages. */
  readonly source: string;
  /** float32 [N, dim], row by row. */
  readonly values: Float32Array;
  readonly dim: number;
  /** [N] */
  readonly labels: Int32Array;
  /** Which row of the source each is, from 0, [N]. */
  readonly places: Int32Array;
}

/** Some of its rows, in the order of the indices. */
function rowsAt({ source, values, dim, labels, places }: Part, indices: Int32Array): Part {
  const picked = new Float32Array(indices.length * dim);
  indices.forEach((index, i) => {
    picked.set(values.subarray(index * dim, (index + 1) * dim), i * dim);
  });
  return {
    source,
    dim,
    values: picked,
    labels: indices.map((index) => labels[index]!),
    places: indices.map((index) => places[index]!),
  };
}

/** Those of its rows that pass. */
export const rowsWhere = (part: Part, passes: (row: number) => boolean): Part =>
  rowsAt(
    part,
    part.labels.map((_, row) => row).filter((row) => passes(row)),
  );

/** Shape [N, dim], the caller's to dispose. */
export const tensorOf = ({ values, dim, labels }: Part): tf.Tensor2D =>
  tf.tensor2d(values, [labels.length, dim]);
