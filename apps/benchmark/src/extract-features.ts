/** f(x) of whole sets, seen with the test transform and the running batch statistics; in memory and on disk. */
import type { Backbone } from '@longtail/backbones';
import type { Batch, Dataset, Transform } from '@longtail/datasets';
import type { NamedArray } from '@longtail/formats';
import { imagesFromBytes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { alone, type Ranks } from './ranks.ts';
import { remedies } from './remedies.ts';
import { sharedFeatures } from './shared-features.ts';
import { readArrays, runOf, writeArrays } from './stage-file.ts';

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

/** [n, D], row by row. */
function featuresOf(
  backbone: Backbone,
  { pixels, shape }: Batch,
  statistics: { mean: readonly number[]; std: readonly number[] },
): Float32Array {
  const features = tf.tidy(() =>
    backbone.features(imagesFromBytes(pixels, shape, statistics), { training: false }),
  );
  // Read outside of tidy, which looks for tensors in every element of what it returns.
  const rows = features.dataSync<'float32'>() as Float32Array;
  features.dispose();
  return rows;
}

/**
 * @param options.statistics mean and std that the backbone was trained with
 * @param options.transform to pictures of one size; default: as they are
 * @param options.ranks processes that see a share each; the first has the features of all, and the others no rows
 * @throws the signal's reason when it is aborted
 */
export async function extractFeatures(
  backbone: Backbone,
  dataset: Dataset,
  {
    statistics,
    transform,
    batchSize = 100,
    onBadImage = 'fail',
    signal = new AbortController().signal,
    ranks = alone(signal),
    onBatch,
  }: {
    statistics: { mean: readonly number[]; std: readonly number[] };
    transform?: Transform;
    batchSize?: number;
    onBadImage?: 'fail' | 'skip';
    signal?: AbortSignal;
    ranks?: Ranks;
    onBatch?: (images: number) => void;
  },
): Promise<ExtractedFeatures> {
  const { featureDim } = backbone;
  const order = Int32Array.from({ length: dataset.length }, (_, i) => i);
  const { values, labels } = await sharedFeatures(dataset, order, {
    ...{ batchSize, onBadImage, featureDim, ranks, onBatch },
    ...(transform && { transform }),
    featuresOf: (batch) => featuresOf(backbone, batch, statistics),
  });
  return { values, featureDim, labels, skipped: dataset.length - labels.length };
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

const skippedSchema = z.partialRecord(z.enum(SPLITS), z.int().min(0));

/** @throws DataError when the file is missing, damaged, or lacks train or test */
export async function loadFeatures(path: string): Promise<FeatureSets & FeaturesRecord> {
  const remedy = remedies(runOf(path)).features;
  const { arrays, metadata, float32, int32, json } = await readArrays(path, remedy);
  const skipped = json('skipped', skippedSchema);
  const { shape } = float32('train.features', [null, null]);
  const featureDim = shape[1]!;
  const setOf = (split: (typeof SPLITS)[number]): ExtractedFeatures => {
    const { data: labels } = int32(`${split}.labels`, [null]);
    const { data: values } = float32(`${split}.features`, [labels.length, featureDim]);
    return { values, featureDim, labels, skipped: skipped[split] ?? 0 };
  };
  return {
    train: setOf('train'),
    ...(arrays.has('validation.features') && { validation: setOf('validation') }),
    test: setOf('test'),
    seconds: json('seconds', z.number()),
    ...(metadata.transform !== undefined && { transform: metadata.transform }),
  };
}
