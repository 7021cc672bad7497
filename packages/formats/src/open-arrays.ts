/** The one door to every format: what arrays a file holds, and their elements when they are asked for. */
import { DataError, InputError } from '@longtail/core';
import type { Dtype } from './element-type.ts';
import { listed } from './listed.ts';
import type { NamedArray } from './named-array.ts';
import { readNumber, readRows } from './read-array.ts';
import { type Format, type OpenOptions, withContents } from './readers.ts';
import { checkRange } from './row-range.ts';
import type { Source, SourceLike } from './source.ts';
import { elements, type StoredArray } from './stored-array.ts';
import type { Table } from './table.ts';

export interface ArrayEntry {
  /** '' where the file holds this array only. */
  readonly name: string;
  /** Undefined for what is not numbers: text, a type that is unknown here. */
  readonly dtype: Dtype | undefined;
  /** The type in words, whatever it is. */
  readonly typeName: string;
  /** Of a column of a table [n], or [n, width] where it holds lists. */
  readonly shape: readonly number[];
}

export interface ArrayFile {
  readonly path: string;
  readonly format: Format;
  readonly arrays: readonly ArrayEntry[];
  /** What the file says of itself, as safetensors' `__metadata__`; the text that PyTorch's checkpoints hold, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Elements of an array, packed in C order: of rows [start, end), or all.
   *
   * @param name may be left out where there is one array only
   * @returns its type, shape and elements; columns of tables as float64
   * @throws InputError for a range that the array does not have; DataError when there is no such array, it holds no
   *   numbers, or the file has changed
   */
  read(name?: string, range?: { start?: number; end?: number }): Promise<Required<NamedArray>>;
  /** Nothing can be read afterwards. */
  close(): Promise<void>;
}

/**
 * Opens a file of arrays: only headers are read, whatever its size. What a pickle would execute is not; see the README for
 * what of each format is taken.
 *
 * @param source a path, bytes, or a Blob such as a browser's File
 * @throws DataError naming the file, and the byte, line or row, where it does not hold what it should; InputError when the
 *   format is unknown
 * @example
 * const file = await openArrays('model.safetensors');
 * const { shape, data } = await file.read('fc.weight');
 * await file.close();
 */
export async function openArrays(source: SourceLike, options: OpenOptions = {}): Promise<ArrayFile> {
  return withContents(source, options, (opened, { arrays, table, metadata = {} }, format) => ({
    path: opened.path,
    format,
    metadata,
    ...(table ? ofTable(opened, table) : ofArrays(opened, arrays ?? [])),
    close: () => opened.close(),
  }));
}

type Reading = Pick<ArrayFile, 'arrays' | 'read'>;

function ofArrays({ path }: Source, stored: readonly StoredArray[]): Reading {
  return {
    arrays: stored.map(({ name, shape, type, typeName }) => ({ name, dtype: type?.name, typeName, shape })),
    async read(name, range = {}) {
      const array = found(stored, name, path);
      const { shape, type, typeName } = array;
      if (!type)
        throw new DataError(`${path}: expected numbers in "${array.name}", but it is ${typeName}.`, {
          path,
          name,
        });
      const [length, ...rest] = shape;
      if (length === undefined && (range.start ?? range.end) !== undefined)
        throw new InputError(`${path}: expected rows in "${array.name}", but it is one number.`, {
          path,
          name,
        });
      const { start = 0, end = length ?? 1 } = range;
      checkRange(path, { start, end, length: length ?? 1, width: elements(rest) });
      return length === undefined
        ? { dtype: type.name, shape, data: await readNumber(array) }
        : { dtype: type.name, shape: [end - start, ...rest], data: await readRows(array, start, end) };
    },
  };
}

function ofTable({ path }: Source, { columns, length, read }: Table): Reading {
  return {
    arrays: columns.map(({ name, width }) => ({
      name,
      dtype: 'float64',
      typeName: 'float64',
      shape: width === 1 ? [length] : [length, width],
    })),
    async read(name, { start = 0, end = length } = {}) {
      const column = found(columns, name, path);
      checkRange(path, { start, end, length });
      const shape = column.width === 1 ? [end - start] : [end - start, column.width];
      return { dtype: 'float64', shape, data: await read([columns.indexOf(column)], start, end) };
    },
  };
}

function found<T extends { readonly name: string }>(
  all: readonly T[],
  name: string | undefined,
  path: string,
): T {
  const one = name === undefined && all.length === 1 ? all[0] : all.find((array) => array.name === name);
  if (one) return one;
  throw new DataError(
    `${path}: expected ${name === undefined ? 'one array' : `an array "${name}"`}, but the file holds ${listed(all.map((array) => array.name))}.`,
    { path, name },
  );
}
