/**
 * The arrays of a pickled dict, such as the official code's feature dumps: {feats, labels, idxs}. Only its few
 * operations are read; the elements stay in the file.
 */
import { DataError } from '@longtail/core';
import { columnMajor } from '../npy.ts';
import type { OpenFile } from '../open-file.ts';
import { checkExtent, elements, type StoredArray } from '../stored-array.ts';
import { unpickle } from './unpickle.ts';
import { kindOf, type Ndarray, type Value } from './values.ts';

/** @throws DataError when the pickle refers to anything but NumPy arrays, is cut short, or is no dict of arrays or array */
export function pickledArrays(file: OpenFile): StoredArray[] {
  const root = unpickle(file);
  if (isArray(root)) return [stored(file, '', root)];
  if (root === null || typeof root !== 'object' || root.kind !== 'dict')
    throw new DataError(
      `${file.path}: expected a pickled dict of NumPy arrays at byte 0, but it holds ${kindOf(root)}; pickle {'feats': array, 'labels': array}.`,
      { path: file.path, offset: 0 },
    );
  return [...root.entries].flatMap(([name, value]) =>
    typeof name !== 'string' ? [] : [isArray(value) ? stored(file, name, value) : other(name, value)],
  );
}

const isArray = (value: Value): value is Ndarray =>
  value !== null && typeof value === 'object' && value.kind === 'ndarray';

/** Not numbers: a message names it if it is asked for. */
const other = (name: string, value: Value): StoredArray => ({
  name,
  shape: [],
  type: undefined,
  typeName: kindOf(value),
  offset: 0,
});

function stored(file: OpenFile, name: string, { content }: Ndarray): StoredArray {
  if (!content) return other(name, null);
  const { shape, type, bytes } = content;
  const { path } = file;
  if (bytes.offset === undefined)
    throw new DataError(
      `${path}: expected the bytes of "${name}" as they are, but protocol 2 spells them as text; pickle with protocol 4.`,
      { path, name },
    );
  if (content.columnMajor && shape.length > 1) throw columnMajor(path, bytes.offset);
  if (type && elements(shape) * type.bytes !== bytes.length)
    throw new DataError(
      `${path}: expected the elements of "${name}" in ${elements(shape) * type.bytes} bytes at byte ${bytes.offset}, but there are ${bytes.length}; write it again.`,
      { path, name, offset: bytes.offset },
    );
  const array = { name, shape, type, typeName: type?.name ?? content.typeName, offset: bytes.offset };
  return checkExtent(array, { path, end: file.size });
}
