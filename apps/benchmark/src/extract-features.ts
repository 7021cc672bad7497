/** f(x) of whole sets, seen with the test transform and the running batch statistics; in memory and on disk. */
import type { Backbone } from '@longtail/backbones';
import { DataError, type NamedArray } from '@longtail/core';
import { batches, type Dataset } from '@longtail/datasets';
import { imagesFromBytes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { readArrays, writeArrays } from './run-directory.ts';

export interface Features {
  /** Shape [N, D], row by row. */
  readonly values: Float32Array;
  readonly featureDim: number;
  /** Shape [N]. */
  readonly labels: Int32Array;
}

/** Of each set of pictures; `validation` where the recipe has one. */
export type FeatureSets = {
  readonly train: Features;
  readonly validation?: Features;
  readonly test: Features;
};
const SPLITS = ['train', 'validation', 'test'] as const;

/** @param options.statistics mean and std that the backbone was trained with */
export async function extractFeatures(
  backbone: Backbone,
  dataset: Dataset,
  {
    statistics,
    batchSize = 100,
    signal,
    onBatch,
  }: {
    statistics: { mean: readonly number[]; std: readonly number[] };
    batchSize?: number;
    signal?: AbortSignal;
    onBatch?: (images: number) => void;
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
    onBatch?.(labels.length);
  }
  return { values, featureDim, labels: dataset.labels };
}

export async function saveFeatures(
  path: string,
  sets: FeatureSets,
  { seconds }: { seconds: number },
): Promise<void> {
  const arrays = SPLITS.flatMap((split): [string, NamedArray][] => {
    const set = sets[split];
    if (!set) return [];
    const shape = [set.labels.length, set.featureDim];
    return [
      [`${split}.features`, { shape, data: set.values }],
      [`${split}.labels`, { shape: [set.labels.length], data: set.labels }],
    ];
  });
  await writeArrays(path, new Map(arrays), { seconds: String(seconds) });
}

/** @throws DataError when the file is missing or damaged */
export async function loadFeatures(path: string): Promise<FeatureSets & { seconds: number }> {
  const { arrays, metadata } = await readArrays(path, { after: 'longtail extract' });
  const sets = SPLITS.flatMap((split) => {
    const [features, labels] = [arrays.get(`${split}.features`), arrays.get(`${split}.labels`)];
    if (!features || !labels) return [];
    const values = features.data as Float32Array;
    return [[split, { values, featureDim: features.shape[1]!, labels: labels.data as Int32Array }]] as const;
  });
  const names = sets.map(([split]) => split);
  if (!names.includes('train') || !names.includes('test'))
    throw new DataError(
      `expected features of train and test in ${path}, but found ${names.join() || 'none'}; run "longtail extract" again.`,
    );
  return { ...(Object.fromEntries(sets) as unknown as FeatureSets), seconds: Number(metadata.seconds) };
}
