/**
 * The arrays of a pickled dict, such as the official code's feature dumps: {feats, labels, idxs}. Only its few
 * operations are read; the elements stay in the file. A list or tuple of numbers or of texts is an array, too.
 */
import { DataError } from '@longtail/core';
import type { TextArray } from '../npy/text.ts';
import { inMemory, type Source } from '../source.ts';
import { checkExtent, columnMajor, elements, type StoredArray } from '../stored-array.ts';
import type { Dialect } from './dialect.ts';
import { arrayOfNumbers } from './numbers.ts';
import { NUMPY_NAMES } from './numpy-names.ts';
import { unpickle } from './unpickle.ts';
import { hasKind, kindOf, type Ndarray, type Value } from './values.ts';

const NUMPY: Dialect = {
  what: 'a pickle of NumPy arrays',
  advice: 'write it with pickle protocol 4, a dict of arrays',
  names: NUMPY_NAMES,
  unknown(module, name, { refuse }) {
    throw refuse(
      `it refers to ${JSON.stringify(`${module}.${name}`.slice(0, 120))}, which is no part of an array`,
    );
  },
  // A dict of a hundred arrays takes 5,000.
  maxOperations: 1_000_000,
  maxText: 2 ** 20,
  // An array may have the paths of its pictures beside it.
  maxTexts: 2 ** 26,
};

/** @throws DataError when the pickle refers to anything but NumPy arrays, is cut short, or is no dict of arrays or array */
export async function pickledArrays(source: Source): Promise<StoredArray[]> {
  const { root } = await unpickle(source, NUMPY);
  if (hasKind(root, 'ndarray')) return [storedNdarray(source, '', root)];
  if (!hasKind(root, 'dict'))
    throw new DataError(
      `${source.path}: expected a pickled dict of NumPy arrays at byte 0, but it holds ${kindOf(root)}; pickle {'feats': array, 'labels': array}.`,
      { path: source.path, offset: 0 },
    );
  return [...root.entries].flatMap(([name, value]) =>
    typeof name !== 'string' ? [] : [arrayOf(source, name, value)],
  );
}

function arrayOf(source: Source, name: string, value: Value): StoredArray {
  if (hasKind(value, 'ndarray')) return storedNdarray(source, name, value);
  const items = hasKind(value, 'list') || hasKind(value, 'tuple') ? value.items : [];
  if (items.length === 0) return noNumbers(source, name, value);
  const shape = [items.length];
  const isText = items.every((item) => typeof item === 'string');
  const texts: TextArray = {
    ...noNumbers(source, name, value),
    shape,
    typeName: 'texts',
    text: items as string[],
  };
  return isText
    ? texts
    : (arrayOfNumbers(items, { name, shape, path: source.path }) ?? noNumbers(source, name, value));
}

/** Not numbers: a message names it if it is asked for. */
export const noNumbers = (source: Source, name: string, value: Value): StoredArray => ({
  name,
  shape: [],
  type: undefined,
  typeName: kindOf(value),
  source,
  offset: 0,
});

/** @param source the file that the pickle is in @throws DataError unless its elements are as many as its shape says */
export function storedNdarray(source: Source, name: string, array: Ndarray): StoredArray {
  if (!array.content) return { ...noNumbers(source, name, array), typeName: 'an array of objects' };
  const { shape, type, text, bytes, columnMajor: byColumns } = array.content;
  const { path } = source;
  const size = elements(shape) * ((type ?? text)?.bytes ?? Number.NaN);
  if ((type ?? text) && size !== bytes.length)
    throw new DataError(
      `${path}: expected the elements of "${name.slice(0, 80)}" in ${size} bytes${bytes.offset === undefined ? '' : ` at byte ${bytes.offset}`}, but there are ${bytes.length}; write it again.`,
      { path, name, offset: bytes.offset },
    );
  const strides = byColumns ? { strides: columnMajor(shape) } : {};
  const typeName = type?.name ?? array.content.typeName;
  const place =
    bytes.offset === undefined
      ? { source: inMemory(bytes.short ?? new Uint8Array(0), path), offset: 0 }
      : { source, offset: bytes.offset };
  return checkExtent({ name, shape, ...strides, type, typeName, ...(text && { text }), ...place });
}
