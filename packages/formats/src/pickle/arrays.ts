/**
 * The arrays of a pickled dict, such as the official code's feature dumps: {feats, labels, idxs}. Only its few
 * operations are read; the elements stay in the file. A list of numbers is an array, too.
 */
import { DataError } from '@longtail/core';
import { elementType } from '../element-type.ts';
import { inMemory, type Source } from '../source.ts';
import { checkExtent, columnMajor, elements, type StoredArray } from '../stored-array.ts';
import { unpickle } from './unpickle.ts';
import { kindOf, type Ndarray, type Value } from './values.ts';

/** @throws DataError when the pickle refers to anything but NumPy arrays, is cut short, or is no dict of arrays or array */
export async function pickledArrays(source: Source): Promise<StoredArray[]> {
  const root = await unpickle(source);
  if (isArray(root)) return [stored(source, '', root)];
  if (root === null || typeof root !== 'object' || root.kind !== 'dict')
    throw new DataError(
      `${source.path}: expected a pickled dict of NumPy arrays at byte 0, but it holds ${kindOf(root)}; pickle {'feats': array, 'labels': array}.`,
      { path: source.path, offset: 0 },
    );
  return [...root.entries].flatMap(([name, value]) =>
    typeof name !== 'string' ? [] : [arrayOf(source, name, value)],
  );
}

const isArray = (value: Value): value is Ndarray =>
  value !== null && typeof value === 'object' && value.kind === 'ndarray';

function arrayOf(source: Source, name: string, value: Value): StoredArray {
  if (isArray(value)) return stored(source, name, value);
  const isList = value !== null && typeof value === 'object' && value.kind === 'list';
  const items = isList ? value.items : [];
  const isNumbers = items.length > 0 && items.every((item) => typeof item === 'number');
  return isNumbers ? listedNumbers(source, name, items as number[]) : other(source, name, value);
}

function listedNumbers({ path }: Source, name: string, items: readonly number[]): StoredArray {
  const data = items.every(Number.isSafeInteger)
    ? BigInt64Array.from(items, BigInt)
    : Float64Array.from(items);
  const type = elementType(data instanceof Float64Array ? 'float64' : 'int64');
  const source = inMemory(new Uint8Array(data.buffer), path);
  return { name, shape: [items.length], type, typeName: type.name, source, offset: 0 };
}

/** Not numbers: a message names it if it is asked for. */
const other = (source: Source, name: string, value: Value): StoredArray => ({
  name,
  shape: [],
  type: undefined,
  typeName: kindOf(value),
  source,
  offset: 0,
});

function stored(source: Source, name: string, { content }: Ndarray): StoredArray {
  if (!content) return other(source, name, null);
  const { shape, type, bytes } = content;
  const { path } = source;
  if (bytes.offset === undefined)
    throw new DataError(
      `${path}: expected the bytes of "${name}" as they are, but protocol 2 spells them as text; pickle with protocol 4.`,
      { path, name },
    );
  if (type && elements(shape) * type.bytes !== bytes.length)
    throw new DataError(
      `${path}: expected the elements of "${name}" in ${elements(shape) * type.bytes} bytes at byte ${bytes.offset}, but there are ${bytes.length}; write it again.`,
      { path, name, offset: bytes.offset },
    );
  const strides = content.columnMajor ? { strides: columnMajor(shape) } : {};
  const typeName = type?.name ?? content.typeName;
  return checkExtent({ name, shape, ...strides, type, typeName, source, offset: bytes.offset });
}
