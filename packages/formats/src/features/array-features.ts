/** Features and labels from the formats that hold arrays. */
import { InputError } from '@longtail/core';
import { readFloats } from '../read-array.ts';
import type { Source } from '../source.ts';
import { elements, type StoredArray } from '../stored-array.ts';
import { readStoredLabels } from './array-labels.ts';
import { chooseFeatures, chooseLabels, chooseOnlyLabels } from './choose-array.ts';
import type { FeatureSet } from './feature-set.ts';
import { featureSet } from './rows.ts';

export async function arrayFeatures(
  source: Source,
  arrays: readonly StoredArray[],
  { features, labels }: { features?: string | readonly string[]; labels?: string },
): Promise<FeatureSet> {
  if (features !== undefined && typeof features !== 'string')
    throw new InputError(
      `${source.path}: expected the name of one array in \`features\`, but a list was given; lists name the columns of CSV and Parquet.`,
      { path: source.path, features },
    );
  const array = chooseFeatures(arrays, features, source.path);
  const labelled = chooseLabels(arrays, labels, source.path);
  return featureSet(source, {
    length: array.shape[0]!,
    dim: elements(array.shape.slice(1)),
    labels: labelled && (await readStoredLabels(labelled)),
    read: (start, end) => readFloats(array, start, end),
  });
}

export async function arrayLabels(
  source: Source,
  arrays: readonly StoredArray[],
  { labels }: { labels?: string },
): Promise<Int32Array> {
  return readStoredLabels(chooseOnlyLabels(arrays, labels, source.path));
}
