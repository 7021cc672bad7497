/** Features that are fitted on: a tensor, or what reads rows as they are asked for, of which there may be more than memory holds. */
import { checkFunctions, checkIntegers, checkLists, InputError } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { addUp } from './add-up.ts';

/** How many rows are looked at together: of 2048 features 64 MB. */
export const CHUNK = 8192;

/** Rows that are read again at each pass, the same ones each time. */
export interface FeatureRows {
  /** [N, D] */
  readonly shape: readonly [rows: number, featureDim: number];
  /** Rows [start, start + count), shape [count, D]; whoever asks disposes it. */
  slice(start: number, count: number): tf.Tensor2D;
}

export type Features = tf.Tensor2D | FeatureRows;

const isTensor = (features: Features): features is tf.Tensor2D => features instanceof tf.Tensor;

/** @throws InputError unless it is a tensor [N, D], or rows */
export function checkRows(features: Features): void {
  if (isTensor(features) || features?.shape === undefined) {
    checkTensors({ features }, { rank: 2 });
    return;
  }
  const { shape, slice } = features;
  checkFunctions({ 'slice of features': slice });
  checkLists({ 'the shape of features': shape });
  checkIntegers({ 'the rows of features': shape[0] }, { least: 0 });
  checkIntegers({ 'the width of features': shape[1] });
}

function expectShape(rows: tf.Tensor2D, shape: readonly [number, number]): tf.Tensor2D {
  checkTensors({ 'rows of features': rows }, { rank: 2 });
  if (rows.shape[0] === shape[0] && rows.shape[1] === shape[1]) return rows;
  throw new InputError(
    `features must give the rows that are asked for, [${shape}], but gave [${rows.shape}].`,
  );
}

/** Of all rows of a tensor no copy. */
export function sliceOf(features: Features, start: number, count: number): tf.Tensor2D {
  if (!isTensor(features)) return expectShape(features.slice(start, count), [count, features.shape[1]]);
  return count === features.shape[0] ? tf.clone(features) : tf.slice(features, [start, 0], [count, -1]);
}

/** Of all rows, shape [D]: the sum of their chunks, by their number. */
export function meanOf(features: Features, { chunk = CHUNK }: { chunk?: number } = {}): tf.Tensor1D {
  const [rows] = features.shape;
  const part = (start: number, count: number) => tf.sum<tf.Tensor1D>(sliceOf(features, start, count), 0);
  return tf.tidy(() => tf.div(addUp({ rows, chunk }, part), rows));
}
