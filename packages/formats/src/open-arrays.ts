/** The one door to every format: what arrays a file holds, and their elements when they are asked for. */
import { checkOptions, checkStrings, DataError, InputError } from '@longtail/core';
import { checkOpenOptions, given } from './check-options.ts';
import { closable } from './closable.ts';
import type { Dtype } from './element-type.ts';
import { listed } from './listed.ts';
import type { NamedArray } from './named-array.ts';
import { readTexts } from './npy/text.ts';
import { conversionOf } from './npy/type-name.ts';
import { readNumber, readRows } from './read-array.ts';
import { type Format, type OpenOptions, withContents } from './readers.ts';
import { checkRange } from './row-range.ts';
import type { Source, SourceLike } from './source.ts';
import { elements, type StoredArray } from './stored-array.ts';
import type { Column, Table } from './table.ts';
import { valueError } from './value-error.ts';

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

export interface ArrayFile extends AsyncDisposable {
  readonly path: string;
  readonly format: Format;
  readonly arrays: readonly ArrayEntry[];
  /** What the file says of itself, as safetensors' `__metadata__`; the text that PyTorch's checkpoints hold, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Elements of an array, packed in C order: of rows [start, end), or all.
   *
   * @param name may be left out where there is one array only
   * @returns its type, shape and elements
   * @throws InputError for a range that the array does not have; DataError when there is no such array, it holds no
   *   numbers, or the file has changed
   */
  read(name?: string, range?: RowRange): Promise<Required<NamedArray>>;
  /**
   * Texts [end - start] of a column of text, or of an array of NumPy's `<U` or `|S`.
   *
   * @throws InputError and DataError as `read`
   */
  readTexts(name?: string, range?: RowRange): Promise<string[]>;
  /** The bytes of a column of text or bytes in a table; undefined where nothing is. */
  readBytes(name?: string, range?: RowRange): Promise<(Uint8Array | undefined)[]>;
  /** Nothing can be read afterwards, of what is in memory neither. `await using` closes it, too. */
  close(): Promise<void>;
}

/** Rows [start, end); default: all. */
export interface RowRange {
  readonly start?: number;
  readonly end?: number;
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
  checkOpenOptions(options, { of: 'openArrays' });
  return withContents(source, options, (opened, { arrays, table, metadata = {} }, format) => ({
    path: opened.path,
    format,
    metadata: table?.metadata ?? metadata,
    ...atTheDoor(opened, table ? ofTable(opened, table) : ofArrays(opened, arrays ?? [])),
  }));
}

type Reading = Pick<ArrayFile, 'arrays' | 'read' | 'readTexts' | 'readBytes'>;

/** What a caller asks for is checked here, and whether the file is open, for arrays and tables alike. */
function atTheDoor(
  source: Source,
  { arrays, ...reading }: Reading,
): Reading & Pick<ArrayFile, 'close' | typeof Symbol.asyncDispose> {
  const { whileOpen, ...closing } = closable(source);
  const asked = <T>(
    read: (name?: string, range?: RowRange) => Promise<T>,
    of: string,
  ): ((name?: string, range?: RowRange) => Promise<T>) =>
    whileOpen(async (name, range = {}) => {
      checkStrings(given({ name }));
      return read(name, checkOptions(range, { of }));
    });
  return {
    arrays,
    read: asked(reading.read, 'read'),
    readTexts: asked(reading.readTexts, 'readTexts'),
    readBytes: asked(reading.readBytes, 'readBytes'),
    ...closing,
  };
}

function ofArrays({ path }: Source, stored: readonly StoredArray[]): Reading {
  return {
    arrays: stored.map(({ name, shape, type, typeName }) => ({ name, dtype: type?.name, typeName, shape })),
    async read(name, range = {}) {
      const array = found(stored, name, path);
      const { shape, type, typeName } = array;
      if (!type)
        throw valueError(`${path}: expected numbers in "${array.name}", but it is ${typeName}`, {
          advice: conversionOf(typeName),
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
    async readTexts(name, range = {}) {
      const array = found(stored, name, path);
      const { start = 0, end = array.shape[0] ?? 0 } = range;
      checkRange(path, { start, end, length: array.shape[0] ?? 0 });
      return readTexts(array, start, end);
    },
    async readBytes(name) {
      throw new DataError(`${path}: expected a table, whose columns hold bytes, but it holds arrays.`, {
        path,
        name,
      });
    },
  };
}

function ofTable({ path }: Source, table: Table): Reading {
  const { columns, length } = table;
  /** @throws DataError unless the column is of a kind */
  const column = (name: string | undefined, kind: Column['kind'], range: RowRange) => {
    const one = found(columns, name, path);
    const { start = 0, end = length } = range;
    checkRange(path, { start, end, length, width: one.width });
    const isWritten = kind === 'text' && one.isWritten;
    if (isWritten || (one.kind === kind && (kind !== 'number' || one.dtype)))
      return { ...one, index: columns.indexOf(one), start, end };
    throw new DataError(
      `${path}: expected ${kind === 'number' ? 'numbers' : 'text'} in the column "${one.name}", but it holds ${one.typeName}.`,
      { path, name: one.name },
    );
  };
  return {
    arrays: columns.map(({ name, width, isList, dtype, typeName }) => ({
      name,
      dtype,
      typeName,
      shape: isList ? [length, width] : [length],
    })),
    async read(name, range = {}) {
      const { index, start, end, width, isList, dtype } = column(name, 'number', range);
      const shape = isList ? [end - start, width] : [end - start];
      return { dtype: dtype!, shape, data: await table.readExact(index, { start, end }) };
    },
    async readTexts(name, range = {}) {
      const { index, start, end } = column(name, 'text', range);
      return table.readTexts(index, { start, end });
    },
    async readBytes(name, range = {}) {
      const { index, start, end } = column(name, 'text', range);
      return table.readBytes(index, { start, end });
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
