/** Labels from an array of integers. */
import { DataError } from '@longtail/core';
import { isFloat } from '../element-type.ts';
import { readRows } from '../read-array.ts';
import { elements, type StoredArray, shown, title } from '../stored-array.ts';

const LABELS_AT_ONCE = 2 ** 20;
export const LARGEST_LABEL: number = 2 ** 31 - 1;

/**
 * All labels of a stored array, shape [n] or [n, 1]; a piece at a time, so that int64 costs no more than int32.
 *
 * @throws DataError when it holds no integers, or one that is no label, with its row
 */
export async function readStoredLabels(array: StoredArray): Promise<Int32Array> {
  const { shape, type, typeName, offset, source, strides: [step = 1] = [] } = array;
  const { path } = source;
  const [length = 0] = shape;
  if (!type || isFloat(type) || shape.length < 1 || elements(shape) !== length || length === 0)
    throw new DataError(
      `${path}: expected labels as integers [n], but ${title(array)} at byte ${offset} is ${typeName} ${shown(shape)}; name another with \`labels\`.`,
      { path, array: array.name, offset, shape },
    );
  const labels = new Int32Array(length);
  for (let start = 0; start < length; start += LABELS_AT_ONCE) {
    const values = await readRows(array, start, Math.min(length, start + LABELS_AT_ONCE));
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i]!);
      if (value < 0 || value > LARGEST_LABEL)
        throw new DataError(
          `${path}: expected labels from 0 to ${LARGEST_LABEL}, but row ${start + i} of ${title(array)}, at byte ${offset + (start + i) * step * type.bytes}, is ${values[i]}.`,
          { path, array: array.name, row: start + i, value },
        );
      labels[start + i] = value;
    }
  }
  return labels;
}
