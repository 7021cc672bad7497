/**
 * One matrix of rows that lies in several safetensors files, one after another: rows by range or by index, read where they lie, so
 * that a matrix larger than memory can be worked with. Reading is synchronous: a row in the system's cache is there in the time that a
 * promise takes, and batches of rows can be made by a generator.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { checkLists, checkOptions, checkStrings, DataError, InputError, refusal } from '@longtail/core';
import { uint64 } from './bytes.ts';
import { float16ToFloat32 } from './float16.ts';
import { checkRange } from './row-range.ts';
import { type Entry, MAX_HEADER, parseHeader, refused } from './safetensors/header.ts';

export interface RowShards extends Disposable {
  /** N, of all files together. */
  readonly length: number;
  /** D. */
  readonly dim: number;
  readonly dtype: 'float16' | 'float32';
  /**
   * Rows [start, end), as float32 [end - start, D].
   *
   * @throws InputError for a range that is not there; DataError where a file ends before its rows do
   */
  rows(start: number, end: number): Float32Array<ArrayBuffer>;
  /** Rows of any order, again and again if so asked: float32 [n, D]. @throws as `rows` */
  at(indices: ArrayLike<number>): Float32Array<ArrayBuffer>;
  /** The file in which a row lies, and which of its rows it is, from 0. */
  place(row: number): { readonly path: string; readonly row: number };
  /** Nothing can be read afterwards; a second call does nothing. `using` closes it, too. */
  close(): void;
}

interface Shard {
  readonly path: string;
  readonly file: number;
  /** Of the first row, in bytes. */
  readonly offset: number;
  readonly dtype: 'float16' | 'float32';
  readonly rows: number;
  readonly dim: number;
}

/** Bytes of a file from a place on, into a buffer. @throws DataError where there are fewer */
function readInto({ path, file }: Pick<Shard, 'path' | 'file'>, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), offset + done);
    if (read === 0)
      throw refused(path, offset, `it ends ${bytes.length - done} bytes before what its header lists`);
    done += read;
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const { found, remedy } = refusal(cause, { of: path }) ?? {
      found: `opening it failed (${(cause as Error).message})`,
      remedy: 'write it again',
    };
    throw new DataError(`expected a file of rows at ${path}, but ${found}; ${remedy}.`, { path }, { cause });
  }
}

function entryOf(path: string, file: number, name: string): { entry: Entry; header: number } {
  const first = new Uint8Array(8);
  readInto({ path, file }, first, 0);
  const length = uint64(first);
  if (length > MAX_HEADER) throw refused(path, 0, `its header claims ${length} bytes`);
  const header = new Uint8Array(length);
  readInto({ path, file }, header, 8);
  const entry = parseHeader(header, path).entries.find((one) => one.name === name);
  if (!entry) throw refused(path, 8, `it has no array "${name}"`);
  return { entry, header: 8 + length };
}

function openShard(path: string, name: string): Shard {
  const file = opened(path);
  try {
    const { entry, header } = entryOf(path, file, name);
    const [rows, dim, ...more] = entry.shape;
    const { dtype } = entry;
    if (dim === undefined || more.length > 0 || (dtype !== 'float16' && dtype !== 'float32'))
      throw refused(
        path,
        8,
        `"${name}" is ${entry.typeName} [${entry.shape}], not float16 or float32 [n, dim]`,
      );
    if (entry.to > entry.from) readInto({ path, file }, new Uint8Array(1), header + entry.to - 1);
    return { path, file, offset: header + entry.from, dtype, rows: rows!, dim };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** @throws DataError naming the first file that is not as the first of all */
function checkAlike([first, ...others]: readonly Shard[]): void {
  const other = others.find(({ dtype, dim }) => dtype !== first!.dtype || dim !== first!.dim);
  if (other)
    throw new DataError(
      `expected rows of one type and width, but those of ${first!.path} are ${first!.dtype} [n, ${first!.dim}] and those of ${other.path} ${other.dtype} [n, ${other.dim}]; write them again.`,
      { path: other.path },
    );
}

/**
 * @param paths safetensors files, each with an array `name` of float16 or float32, [n, D]; at least one
 * @param options.name default: 'features'
 * @throws DataError naming the file that is not there, is damaged, or is of another type or width
 * @example
 * using shards = openRowShards(['part-0.safetensors', 'part-1.safetensors']);
 * const rows = shards.at([900_000, 3]); // Float32Array [2 * shards.dim]
 */
export function openRowShards(paths: readonly string[], options: { name?: string } = {}): RowShards {
  const { name = 'features' } = checkOptions(options, { of: 'openRowShards' });
  checkLists({ paths });
  checkStrings({ name, ...Object.fromEntries(Array.from(paths, (path, i) => [`paths[${i}]`, path])) });
  if (paths.length === 0) throw new InputError('paths must name a file at least, but there is none.');
  const shards: Shard[] = [];
  try {
    for (const path of paths) shards.push(openShard(path, name));
    checkAlike(shards);
    return rowsOf(shards);
  } catch (error) {
    for (const { file } of shards) closeSync(file);
    throw error;
  }
}

/** Which file a row is in, and whole runs of rows. */
function runsOf(shards: readonly Shard[], width: number) {
  const starts = [0];
  for (const { rows } of shards) starts.push(starts.at(-1)! + rows);
  /** The last shard that starts at or before the row. */
  const shardOf = (row: number): number => {
    let [low, high] = [0, shards.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  /** Rows [from, to), into the bytes of as many rows from `at` on. */
  const readRun = (bytes: Uint8Array, at: number, from: number, to: number): void => {
    for (let row = from; row < to; ) {
      const s = shardOf(row);
      const end = Math.min(to, starts[s + 1]!);
      const place = bytes.subarray((at + row - from) * width, (at + end - from) * width);
      readInto(shards[s]!, place, shards[s]!.offset + (row - starts[s]!) * width);
      row = end;
    }
  };
  return { starts, shardOf, readRun };
}

function rowsOf(shards: readonly Shard[]): RowShards {
  const { dtype, dim, path: first } = shards[0]!;
  const { starts, shardOf, readRun } = runsOf(shards, dim * (dtype === 'float16' ? 2 : 4));
  const length = starts.at(-1)!;
  let isOpen = true;
  const reading = (count: number, fill: (bytes: Uint8Array) => void): Float32Array<ArrayBuffer> => {
    if (!isOpen) throw new InputError(`${first} is closed; open it again.`);
    const values = dtype === 'float16' ? new Uint16Array(count * dim) : new Float32Array(count * dim);
    fill(new Uint8Array(values.buffer));
    return values instanceof Float32Array ? values : float16ToFloat32(values);
  };
  const close = (): void => {
    if (isOpen) for (const { file } of shards) closeSync(file);
    isOpen = false;
  };
  return {
    length,
    dim,
    dtype,
    rows(start, end) {
      checkRange(first, { start, end, length, width: dim });
      return reading(end - start, (bytes) => readRun(bytes, 0, start, end));
    },
    at(indices) {
      checkLists({ indices });
      for (let i = 0; i < indices.length; i++)
        checkRange(first, { start: indices[i]!, end: indices[i]! + 1, length });
      return reading(indices.length, (bytes) => {
        for (let i = 0, next = 0; i < indices.length; i = next) {
          next = i + 1;
          while (next < indices.length && indices[next] === indices[next - 1]! + 1) next++;
          readRun(bytes, i, indices[i]!, indices[i]! + next - i);
        }
      });
    },
    place(row) {
      checkRange(first, { start: row, end: row + 1, length });
      const s = shardOf(row);
      return { path: shards[s]!.path, row: row - starts[s]! };
    },
    close,
    [Symbol.dispose]: close,
  };
}
