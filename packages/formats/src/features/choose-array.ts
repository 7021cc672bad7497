/** Which of a file's arrays are the features and the labels: the ones named, or those that usual names tell. */
import { DataError } from '@longtail/core';
import { listed } from '../listed.ts';
import { conversionOf } from '../npy/type-name.ts';
import { elements, type StoredArray, shown, title } from '../stored-array.ts';
import { FEATURE_NAMES, isLabelName, namedLikeLabels } from '../usual-names.ts';

export type StoredArrays = readonly StoredArray[];

function named(arrays: StoredArrays, name: string, path: string): StoredArray {
  const found = arrays.find((array) => array.name === name);
  if (found) return found;
  throw new DataError(
    `${path}: expected an array "${name}", but the file holds ${listed(arrays.map((array) => array.name))}.`,
    { path, name },
  );
}

/** @throws DataError unless it holds numbers in at least two dimensions, and no dimension is empty */
function checkFeatures(array: StoredArray, arrays: StoredArrays, path: string): StoredArray {
  const { shape, type, typeName, offset } = array;
  if (type && shape.length >= 2 && elements(shape) > 0) return array;
  const others = arrays.length > 1 ? 'name another with `features`' : undefined;
  const convert = conversionOf(typeName) ?? (others ? undefined : 'write it as numbers [n, dim]');
  const advice = [convert, others].filter(Boolean).join(', or ');
  throw new DataError(
    `${path}: expected features as numbers [n, dim], but ${title(array)} at byte ${offset} is ${typeName} ${shown(shape)}; ${advice}.`,
    { path, array: array.name, offset, shape },
  );
}

/** The array of the first usual name, else the only one of rows. @throws DataError when none, or more than one, could be */
export function chooseFeatures(arrays: StoredArrays, name: string | undefined, path: string): StoredArray {
  if (name !== undefined) return checkFeatures(named(arrays, name, path), arrays, path);
  const fitting = arrays.filter(
    (array) => arrays.length === 1 || (array.type && array.shape.length >= 2 && !isLabelName(array.name)),
  );
  const usual = FEATURE_NAMES.flatMap((known) => arrays.find((array) => array.name === known) ?? []);
  const found = usual[0] ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (found) return checkFeatures(found, arrays, path);
  throw new DataError(
    `${path}: expected one array of numbers [n, dim], but the file holds ${listed(arrays.map((array) => array.name))}; name it with \`features\`.`,
    { path },
  );
}

/** What may hold the labels, the likeliest first: the one that is named. @throws DataError when that is not there */
export function labelCandidates(arrays: StoredArrays, name: string | undefined, path: string): StoredArray[] {
  return name === undefined ? namedLikeLabels(arrays) : [named(arrays, name, path)];
}
