/** What a head is fitted on: rows of features and their classes. */
import { asLabels, checkIntegers, classCounts, InputError, type LabelList } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { CHUNK, checkRows, type Features, sliceOf } from './feature-rows.ts';

export interface TrainingSet {
  readonly labels: Int32Array;
  /** n_c, shape [C]. */
  readonly counts: Int32Array;
}

function firstNotFinite(features: tf.Tensor2D): number {
  // What is not finite leaves no sum finite; finite values may, too, where they are very large.
  if (Number.isFinite(tf.sum(features).dataSync()[0])) return -1;
  const zeros = tf.sum(tf.mul(features, 0), 1);
  return zeros.dataSync().findIndex((value) => value !== 0);
}

/** @throws InputError naming the first row that holds NaN or an infinity */
export function checkFinite(features: Features, { name = 'features' }: { name?: string } = {}): void {
  const [rows] = features.shape;
  const chunk = features instanceof tf.Tensor ? Math.max(rows, 1) : CHUNK;
  let row = -1;
  for (let start = 0; start < rows && row < 0; start += chunk) {
    const own = tf.tidy(() => firstNotFinite(sliceOf(features, start, Math.min(chunk, rows - start))));
    if (own >= 0) row = start + own;
  }
  if (row >= 0)
    throw new InputError(
      `${name} must be finite numbers, but row ${row} (from 0) holds NaN or an infinity; mend or leave out that row.`,
      { row },
    );
}

/**
 * @param features shape [N, D], N >= 1; a tensor, or rows that are read as they are asked for
 * @param labels shape [N]
 * @param options.of the head, for messages
 * @throws InputError when rows and labels differ in number, a label is out of range, or a row is not finite
 */
export function checkTrainingSet(
  features: Features,
  labels: LabelList,
  { numClasses, of }: { numClasses: number; of: string },
): TrainingSet {
  checkIntegers({ numClasses });
  checkRows(features);
  const checked = asLabels(labels, { numClasses });
  const [rows] = features.shape;
  if (rows !== checked.length || rows === 0)
    throw new InputError(
      `${of} needs a label for each row of features, at least one, but got ${checked.length} for ${rows}.`,
    );
  checkFinite(features);
  return { labels: checked, counts: classCounts(checked, { numClasses }) };
}
