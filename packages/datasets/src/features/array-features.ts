/** Features and labels from the formats that hold arrays. */
import { InputError } from '@longtail/core';
import { chooseFeatures, chooseLabels, chooseOnlyLabels } from './choose-array.ts';
import type { FeatureSet } from './feature-set.ts';
import type { OpenFile } from './open-file.ts';
import { featureSet } from './rows.ts';
import { elements, readFloats, readStoredLabels, type StoredArray } from './stored-array.ts';

export type ReadArrays = (file: OpenFile) => StoredArray[] | Promise<StoredArray[]>;

export async function arrayFeatures(
  file: OpenFile,
  read: ReadArrays,
  { features, labels }: { features?: string | readonly string[]; labels?: string },
): Promise<FeatureSet> {
  if (features !== undefined && typeof features !== 'string')
    throw new InputError(
      `${file.path}: expected the name of one array in \`features\`, but a list was given; lists name the columns of CSV and Parquet.`,
      { path: file.path, features },
    );
  const arrays = await read(file);
  const array = chooseFeatures(arrays, features, file.path);
  const labelled = chooseLabels(arrays, labels, file.path);
  return featureSet(file, {
    length: array.shape[0]!,
    dim: elements(array.shape.slice(1)),
    labels: labelled && (await readStoredLabels(file, labelled)),
    read: (start, end) => readFloats(file, array, start, end),
  });
}

export async function arrayLabels(
  file: OpenFile,
  read: ReadArrays,
  { labels }: { labels?: string },
): Promise<Int32Array> {
  return readStoredLabels(file, chooseOnlyLabels(await read(file), labels, file.path));
}
