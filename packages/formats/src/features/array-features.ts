/** Features and labels from the formats that hold arrays. */
import { DataError, InputError } from '@longtail/core';
import { listed } from '../listed.ts';
import { readFloats } from '../read-array.ts';
import type { Source } from '../source.ts';
import { elements, type StoredArray } from '../stored-array.ts';
import { findArrayLabels } from './array-labels.ts';
import { chooseFeatures, labelCandidates } from './choose-array.ts';
import type { FeatureSet } from './feature-set.ts';
import type { LabelSet } from './labels.ts';
import { featureSet } from './rows.ts';
import type { LabelOptions } from './table-labels.ts';

export async function arrayFeatures(
  source: Source,
  arrays: readonly StoredArray[],
  options: LabelOptions & { readonly features?: string | readonly string[] | undefined },
): Promise<FeatureSet> {
  const { features, labels } = options;
  if (features !== undefined && typeof features !== 'string')
    throw new InputError(
      `${source.path}: expected the name of one array in \`features\`, but a list was given; lists name the columns of CSV and Parquet.`,
      { path: source.path, features },
    );
  const array = chooseFeatures(arrays, features, source.path);
  const candidates = labels === false ? [] : labelCandidates(arrays, labels, source.path);
  const { set, notes } = await findArrayLabels(candidates, options);
  return featureSet(source, {
    length: array.shape[0]!,
    dim: elements(array.shape.slice(1)),
    labelled: set,
    notes,
    read: (start, end) => readFloats(array, start, end),
  });
}

/** Of a file of labels: the named one, one of a usual name, or the only array. @throws DataError when none is */
export async function arrayLabels(
  source: Source,
  arrays: readonly StoredArray[],
  options: LabelOptions,
): Promise<LabelSet> {
  const labels = options.labels || (arrays.length === 1 ? arrays[0]!.name : undefined);
  const candidates = labelCandidates(arrays, labels, source.path);
  const { set, notes } = await findArrayLabels(candidates, { ...options, labels });
  if (set) return set;
  if (notes.length > 0)
    throw new DataError(`${source.path}: expected an array of labels, but ${notes.join(' ')}`, {
      path: source.path,
    });
  throw new DataError(
    `${source.path}: expected an array of labels, but the file holds ${listed(arrays.map((array) => array.name))}; name it with \`labels\`.`,
    { path: source.path },
  );
}
