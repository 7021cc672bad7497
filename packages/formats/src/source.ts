/**
 * Bytes that are read in pieces, by offset: what a file of 10 GB needs to open at once. A path is opened where there is a
 * file system; memory and a browser's `File` are read wherever there is a `Blob`.
 */
import { DataError, InputError } from '@longtail/core';
import { openFile } from './file.ts';
import { gunzipped } from './inflate.ts';

export interface Source {
  /** Where the bytes lie, for messages: a path, or the name that was given. */
  readonly path: string;
  /** Bytes, when it was opened. */
  readonly size: number;
  /**
   * Bytes [offset, offset + length), in an ArrayBuffer of their own, so that they are aligned.
   *
   * @throws DataError where the source ends before
   */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** A path, bytes in memory, a browser's File, or a source of one's own. */
export type SourceLike = string | Uint8Array | Blob | Source;

const isSource = (given: object): given is Source => 'read' in given && 'size' in given && 'path' in given;

/**
 * @param options.name of what has none, for messages and for its extension: `embeddings.npy`
 * @returns the source; of `NAME.gz` what was compressed, in memory
 * @throws DataError when the file is not there or is none; InputError for anything but a {@link SourceLike}
 */
export async function openSource(given: SourceLike, { name }: { name: string }): Promise<Source> {
  const source = await opened(given, name);
  return name.toLowerCase().endsWith('.gz') ? gunzipped(source) : source;
}

async function opened(given: SourceLike, name: string): Promise<Source> {
  if (typeof given === 'string') return openFile(given);
  if (given instanceof Uint8Array) return inMemory(given, name);
  if (given instanceof Blob) return ofBlob(given, name);
  if (typeof given === 'object' && given !== null && isSource(given)) return checked(given, name);
  throw new InputError(
    `expected the path of a file, its bytes (Uint8Array) or a Blob, but got ${given === null ? 'null' : typeof given}.`,
    { given },
  );
}

/** A source of one's own, of which no more than its bytes is trusted: its arrays may be views of a pool, as Buffers are. */
function checked(given: Source, path: string): Source {
  const { size } = given;
  return {
    path,
    size,
    async read(offset, length) {
      checkPlace({ path, size }, offset, length);
      const bytes = await given.read(offset, length);
      if (bytes.length !== length) checkPlace({ path, size: offset + bytes.length }, offset, length);
      return bytes.length === length && bytes.buffer.byteLength === length
        ? bytes
        : new Uint8Array(bytes.subarray(0, length));
    },
    close: () => given.close(),
  };
}

/** @param path as messages name it */
export function inMemory(bytes: Uint8Array, path: string): Source {
  return {
    path,
    size: bytes.length,
    async read(offset, length) {
      checkPlace({ path, size: bytes.length }, offset, length);
      return new Uint8Array(bytes.subarray(offset, offset + length)); // Buffer's own slice would not copy
    },
    close: async () => {},
  };
}

function ofBlob(blob: Blob, path: string): Source {
  return {
    path,
    size: blob.size,
    async read(offset, length) {
      checkPlace({ path, size: blob.size }, offset, length);
      const bytes = await blob
        .slice(offset, offset + length)
        .arrayBuffer()
        .catch((cause: Error) => {
          throw unreadable(path, cause);
        });
      return new Uint8Array(bytes);
    },
    close: async () => {},
  };
}

/** A file of a browser that has changed since it was chosen, one that was closed, a failing disk. */
export const unreadable = (path: string, cause: Error): DataError =>
  new DataError(
    `${path}: expected a file that can be read, but reading it failed (${cause.message}); open it again.`,
    { path },
    { cause },
  );

/** @throws DataError unless [offset, offset + length) lies inside */
export function checkPlace(source: Pick<Source, 'path' | 'size'>, offset: number, length: number): void {
  const { path, size } = source;
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new DataError(
    `${path}: expected ${length} bytes at byte ${offset}, but the file ends at byte ${size}; fetch or write it again.`,
    { path, offset, length, size },
  );
}
