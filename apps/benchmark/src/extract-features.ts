/** f(x) of whole sets, seen with the test transform and the running batch statistics; in memory and on disk. */
import type { Backbone } from '@longtail/backbones';
import { DataError } from '@longtail/core';
import { batches, type Dataset, type Transform } from '@longtail/datasets';
import type { NamedArray } from '@longtail/formats';
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

export interface ExtractedFeatures extends Features {
  /** Pictures that could not be read and have no row. */
  readonly skipped: number;
}

/** Of each set of pictures; `validation` where the recipe has one. */
export type FeatureSets = {
  readonly train: ExtractedFeatures;
  readonly validation?: ExtractedFeatures;
  readonly test: ExtractedFeatures;
};
const SPLITS = ['train', 'validation', 'test'] as const;

/**
 * @param options.statistics mean and std that the backbone was trained with
 * @param options.transform to pictures of one size; default: as they are
 */
export async function extractFeatures(
  backbone: Backbone,
  dataset: Dataset,
  {
    statistics,
    transform,
    batchSize = 100,
    onBadImage = 'fail',
    signal,
    onBatch,
  }: {
    statistics: { mean: readonly number[]; std: readonly number[] };
    transform?: Transform;
    batchSize?: number;
    onBadImage?: 'fail' | 'skip';
    signal?: AbortSignal;
    onBatch?: (images: number) => void;
  },
): Promise<ExtractedFeatures> {
  const { featureDim } = backbone;
  const values = new Float32Array(dataset.length * featureDim);
  const order = Int32Array.from({ length: dataset.length }, (_, i) => i);
  const labels = new Int32Array(dataset.length);
  const reading = { batchSize, onBadImage, ...(transform && { transform }) };
  let row = 0;
  for await (const batch of batches(dataset, order, reading)) {
    signal?.throwIfAborted();
    const features = tf.tidy(() =>
      backbone.features(imagesFromBytes(batch.pixels, batch.shape, statistics), { training: false }),
    );
    // Read outside of tidy, which looks for tensors in every element of what it returns.
    values.set(features.dataSync(), row * featureDim);
    features.dispose();
    labels.set(batch.labels, row);
    row += batch.labels.length;
    onBatch?.(batch.labels.length + batch.skipped.length);
  }
  return {
    values: values.subarray(0, row * featureDim),
    featureDim,
    labels: labels.subarray(0, row),
    skipped: dataset.length - row,
  };
}

export interface FeaturesRecord {
  readonly seconds: number;
  /** What was done to pictures, in words; absent in files of before. */
  readonly transform?: string;
}

/** @param record.of what else is to be known of the features, by name */
export async function saveFeatures(
  path: string,
  sets: FeatureSets,
  { seconds, transform, of = {} }: FeaturesRecord & { of?: Readonly<Record<string, string>> },
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
  const skipped = Object.fromEntries(SPLITS.map((split) => [split, sets[split]?.skipped ?? 0]));
  await writeArrays(path, new Map(arrays), {
    ...of,
    ...(transform !== undefined && { transform }),
    seconds: String(seconds),
    skipped: JSON.stringify(skipped),
  });
}

/** @throws DataError when the file is missing or damaged */
export async function loadFeatures(path: string): Promise<FeatureSets & FeaturesRecord> {
  const { arrays, metadata } = await readArrays(path, { after: 'longtail extract' });
  const skipped = JSON.parse(metadata.skipped ?? '{}') as { [split in (typeof SPLITS)[number]]?: number };
  const sets = SPLITS.flatMap((split) => {
    const [features, labels] = [arrays.get(`${split}.features`), arrays.get(`${split}.labels`)];
    if (!features || !labels) return [];
    const values = features.data as Float32Array;
    const found = { values, featureDim: features.shape[1]!, labels: labels.data as Int32Array };
    return [[split, { ...found, skipped: skipped[split] ?? 0 }]] as const;
  });
  const names = sets.map(([split]) => split);
  if (!names.includes('train') || !names.includes('test'))
    throw new DataError(
      `expected features of train and test in ${path}, but found ${names.join() || 'none'}; run "longtail extract" again.`,
    );
  return {
    ...(Object.fromEntries(sets) as unknown as FeatureSets),
    seconds: Number(metadata.seconds),
    ...(metadata.transform !== undefined && { transform: metadata.transform }),
  };
}
