/** An array that lies in a file and is read from there: row after row (C order), or at any strides. */
import { DataError } from '@longtail/core';
import type { ElementType } from './element-type.ts';
import type { Source } from './source.ts';

export interface StoredArray {
  /** Its name in the file; '' where the file holds this array only. */
  readonly name: string;
  readonly shape: readonly number[];
  /** From an element to the next along each axis, in elements, each >= 0; absent: C order. */
  readonly strides?: readonly number[];
  /** Undefined for what is not numbers, told by `typeName`. */
  readonly type: ElementType | undefined;
  readonly typeName: string;
  /** What it is read from: the file, or a compressed member of it. */
  readonly source: Source;
  /** Of the first element, in bytes from the source's start. */
  readonly offset: number;
}

/** NumPy's own limit. */
const MAX_DIMENSIONS = 64;

export const shown = (shape: readonly number[]): string =>
  `[${shape.slice(0, 8)}${shape.length > 8 ? `, ... (${shape.length} dimensions)` : ''}]`;

export const elements = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);
export const title = ({ name }: StoredArray): string =>
  name ? `the array "${name.slice(0, 80)}"` : 'the array';

/** Strides of C order: the last axis lies together. */
export const rowMajor = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => elements(shape.slice(axis + 1)));
/** Strides of Fortran order: the first axis lies together. */
export const columnMajor = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => elements(shape.slice(0, axis)));

/** From the first element to after the last, in elements. */
export function extentOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((extent, size, axis) => extent + (size - 1) * strides[axis]!, 1);
}

/** @throws DataError when the array's bytes do not lie before `end`, or a size is not a number of elements */
export function checkExtent<T extends StoredArray>(
  array: T,
  { end = array.source.size }: { end?: number } = {},
): T {
  const { shape, strides = rowMajor(shape), type, offset, source } = array;
  const bytes = extentOf(shape, strides) * (type?.bytes ?? 0);
  const sizes = shape.length <= MAX_DIMENSIONS && [...shape, ...strides].every(isSize);
  if (sizes && Number.isSafeInteger(elements(shape)) && offset + bytes <= end) return array;
  throw new DataError(
    `${source.path}: expected ${bytes} bytes for ${title(array)} of shape ${shown(shape)}, but there are ${end - offset} from byte ${offset} on; fetch or write it again.`,
    { path: source.path, offset, shape, bytes },
  );
}

export const isSize = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
