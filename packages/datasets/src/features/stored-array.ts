/** An array that lies in a file, row after row (C order), and is read from there. */
import { DataError } from '@longtail/core';
import { type ElementType, isFloat, toFloat32, toIntegers } from './element-type.ts';
import type { OpenFile } from './open-file.ts';

export interface StoredArray {
  /** Its name in the file; '' where the file holds this array only. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Undefined for what is not numbers, told by `typeName`. */
  readonly type: ElementType | undefined;
  readonly typeName: string;
  /** Of the first element, in bytes from the file's start. */
  readonly offset: number;
}

const LABELS_AT_ONCE = 2 ** 20;
export const LARGEST_LABEL: number = 2 ** 31 - 1;
/** NumPy's own limit. */
const MAX_DIMENSIONS = 64;
const shown = (shape: readonly number[]): string =>
  `[${shape.slice(0, 8)}${shape.length > 8 ? `, ... (${shape.length} dimensions)` : ''}]`;

export const elements = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);
const title = ({ name }: StoredArray): string => (name ? `the array "${name.slice(0, 80)}"` : 'the array');

/** @throws DataError when the array's bytes do not lie before `end`, or a size is not a number of elements */
export function checkExtent(array: StoredArray, { path, end }: { path: string; end: number }): StoredArray {
  const { shape, type, offset } = array;
  const bytes = elements(shape) * (type?.bytes ?? 0);
  const sizes = shape.length <= MAX_DIMENSIONS && shape.every((d) => Number.isSafeInteger(d) && d >= 0);
  if (sizes && offset + bytes <= end) return array;
  throw new DataError(
    `${path}: expected ${bytes} bytes for ${title(array)} of shape ${shown(shape)}, but there are ${end - offset} from byte ${offset} on; fetch or write it again.`,
    { path, offset, shape, bytes },
  );
}

/** @returns features [n, dim] of rows [start, end) @throws DataError when the file has shrunk */
export async function readFloats(
  file: OpenFile,
  { shape, type, offset }: StoredArray,
  start: number,
  end: number,
): Promise<Float32Array> {
  const rowBytes = elements(shape.slice(1)) * type!.bytes;
  return toFloat32(await file.read(offset + start * rowBytes, (end - start) * rowBytes), type!);
}

/** @throws DataError unless it holds floats in at least two dimensions, and no dimension is empty */
export function checkFeatures(array: StoredArray, path: string): StoredArray {
  const { shape, type, typeName, offset } = array;
  if (type && isFloat(type) && shape.length >= 2 && elements(shape) > 0) return array;
  throw new DataError(
    `${path}: expected features as float16, float32 or float64 [n, dim], but ${title(array)} at byte ${offset} is ${typeName} ${shown(shape)}; name another with \`features\`.`,
    { path, array: array.name, offset, shape },
  );
}

/**
 * All labels of a stored array, shape [n] or [n, 1]; a piece at a time, so that int64 costs no more than int32.
 *
 * @throws DataError when it holds no integers, or one that is no label, with its row and byte
 */
export async function readStoredLabels(file: OpenFile, array: StoredArray): Promise<Int32Array> {
  const { shape, type, typeName, offset } = array;
  const { path } = file;
  const [length = 0] = shape;
  if (!type || isFloat(type) || shape.length < 1 || elements(shape) !== length || length === 0)
    throw new DataError(
      `${path}: expected labels as integers [n], but ${title(array)} at byte ${offset} is ${typeName} ${shown(shape)}; name another with \`labels\`.`,
      { path, array: array.name, offset, shape },
    );
  const labels = new Int32Array(length);
  for (let start = 0; start < length; start += LABELS_AT_ONCE) {
    const count = Math.min(LABELS_AT_ONCE, length - start);
    const values = toIntegers(await file.read(offset + start * type.bytes, count * type.bytes), type);
    for (let i = 0; i < count; i++) {
      const value = Number(values[i]!);
      if (value < 0 || value > LARGEST_LABEL)
        throw new DataError(
          `${path}: expected labels from 0 to ${LARGEST_LABEL}, but row ${start + i} of ${title(array)}, at byte ${offset + (start + i) * type.bytes}, is ${values[i]}.`,
          { path, array: array.name, row: start + i, value },
        );
      labels[start + i] = value;
    }
  }
  return labels;
}
