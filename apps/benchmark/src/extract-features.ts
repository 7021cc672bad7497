/** f(x) of a whole set, seen with the test transform and the running batch statistics: plain arrays. */
import type { Backbone } from '@longtail/backbones';
import { batches, type Dataset } from '@longtail/datasets';
import { imagesFromBytes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

export interface Features {
  /** Shape [N, D], row by row. */
  readonly values: Float32Array;
  readonly featureDim: number;
  /** Shape [N]. */
  readonly labels: Int32Array;
}

/** @param options.statistics mean and std that the backbone was trained with */
export async function extractFeatures(
  backbone: Backbone,
  dataset: Dataset,
  {
    statistics,
    batchSize = 250,
    signal,
  }: {
    statistics: { mean: readonly number[]; std: readonly number[] };
    batchSize?: number;
    signal?: AbortSignal;
  },
): Promise<Features> {
  const { featureDim } = backbone;
  const values = new Float32Array(dataset.length * featureDim);
  const order = Int32Array.from({ length: dataset.length }, (_, i) => i);
  let row = 0;
  for await (const { pixels, shape, labels } of batches(dataset, order, { batchSize })) {
    signal?.throwIfAborted();
    const features = tf.tidy(() =>
      backbone.features(imagesFromBytes(pixels, shape, statistics), { training: false }).dataSync(),
    );
    values.set(features, row * featureDim);
    row += labels.length;
  }
  return { values, featureDim, labels: dataset.labels };
}
