/** Which of a file's arrays are the features and the labels: the ones named, or those that usual names tell. */
import { DataError } from '@longtail/core';
import { listed } from '../listed.ts';
import { elements, type StoredArray, shown, title } from '../stored-array.ts';

const FEATURE_NAMES: readonly string[] = ['features', 'feats', 'embeddings', 'x', 'X'];
export const LABEL_NAMES: readonly string[] = ['labels', 'label', 'targets', 'target', 'y'];

export type StoredArrays = readonly StoredArray[];

function named(arrays: StoredArrays, name: string, path: string): StoredArray {
  const found = arrays.find((array) => array.name === name);
  if (found) return found;
  throw new DataError(
    `${path}: expected an array "${name}", but the file holds ${listed(arrays.map((array) => array.name))}.`,
    { path, name },
  );
}

/** The array of the first usual name, else the only one that fits. */
function usual(
  arrays: StoredArrays,
  names: readonly string[],
  fits: (array: StoredArray) => boolean,
): StoredArray | undefined {
  const byName = names.map((name) => arrays.find((array) => array.name === name)).find((array) => array);
  const fitting = arrays.filter(fits);
  return byName ?? (fitting.length === 1 ? fitting[0] : undefined);
}

/** @throws DataError unless it holds numbers in at least two dimensions, and no dimension is empty */
function checkFeatures(array: StoredArray, path: string): StoredArray {
  const { shape, type, typeName, offset } = array;
  if (type && shape.length >= 2 && elements(shape) > 0) return array;
  throw new DataError(
    `${path}: expected features as numbers [n, dim], but ${title(array)} at byte ${offset} is ${typeName} ${shown(shape)}; name another with \`features\`.`,
    { path, array: array.name, offset, shape },
  );
}

/** @throws DataError when no array, or more than one, could be the features, or the named one is not there */
export function chooseFeatures(arrays: StoredArrays, name: string | undefined, path: string): StoredArray {
  const fits = ({ type, shape }: StoredArray) =>
    arrays.length === 1 || (type !== undefined && shape.length >= 2);
  const found = name === undefined ? usual(arrays, FEATURE_NAMES, fits) : named(arrays, name, path);
  if (found) return checkFeatures(found, path);
  throw new DataError(
    `${path}: expected one array of numbers [n, dim], but the file holds ${listed(arrays.map((array) => array.name))}; name it with \`features\`.`,
    { path },
  );
}

/** Undefined when nothing was named and none has a usual name. @throws DataError when the named one is not there */
export function chooseLabels(
  arrays: StoredArrays,
  name: string | undefined,
  path: string,
): StoredArray | undefined {
  return name === undefined ? usual(arrays, LABEL_NAMES, () => false) : named(arrays, name, path);
}

/** Of a file of labels: the named one, one of a usual name, or the only array. @throws DataError when none is */
export function chooseOnlyLabels(arrays: StoredArrays, name: string | undefined, path: string): StoredArray {
  const found = chooseLabels(arrays, name, path) ?? (arrays.length === 1 ? arrays[0] : undefined);
  if (found) return found;
  throw new DataError(
    `${path}: expected an array of labels, but the file holds ${listed(arrays.map((array) => array.name))}; name it with \`labels\`.`,
    { path },
  );
}
