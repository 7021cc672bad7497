/** The encoded bytes of pictures, one at a time, into one memory that grows to the largest. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '@longtail/core';
import type { PictureFile } from '../dataset.ts';

/** No photo is larger; what is would only fill the memory. */
const MAX_BYTES = 2 ** 28;
/** Shards that are read by offset stay open. */
const MAX_OPEN = 16;

export interface FileReader {
  /** @returns the bytes, until the next call. @throws DataError for a file that is missing, empty, too large or cut short */
  read(file: PictureFile): Uint8Array;
  close(): void;
}

export function createFileReader(): FileReader {
  let memory = new Uint8Array(2 ** 20);
  const open = new Map<string, number>();
  const close = (): void => {
    for (const descriptor of open.values()) closeSync(descriptor);
    open.clear();
  };
  const descriptorOf = (path: string): number => {
    const known = open.get(path);
    if (known !== undefined) return known;
    if (open.size >= MAX_OPEN) close();
    const descriptor = openSync(path, 'r');
    open.set(path, descriptor);
    return descriptor;
  };
  return {
    read(file) {
      const isShard = file.offset !== undefined;
      const descriptor = attempt(file, () => (isShard ? descriptorOf(file.path) : openSync(file.path, 'r')));
      try {
        const length = file.length ?? attempt(file, () => fstatSync(descriptor).size - (file.offset ?? 0));
        if (length <= 0) throw failure(file, 'it is empty');
        if (length > MAX_BYTES) throw failure(file, `it has ${length} bytes, and ${MAX_BYTES} are the most`);
        if (length > memory.length) memory = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
        const count = attempt(file, () => readSync(descriptor, memory, 0, length, file.offset ?? 0));
        if (count < length) throw failure(file, `it ends after ${count} of ${length} bytes`);
        return memory.subarray(0, length);
      } finally {
        if (!isShard) closeSync(descriptor);
      }
    },
    close,
  };
}

export const nameOf = ({ path, offset }: PictureFile): string =>
  offset === undefined ? path : `${path} at byte ${offset}`;

function failure(file: PictureFile, found: string, cause?: unknown): DataError {
  const options = cause === undefined ? {} : { cause };
  return new DataError(
    `expected a picture in ${nameOf(file)}, but ${found}; replace the file, or leave such pictures out by onBadImage=skip.`,
    { ...file },
    options,
  );
}

function attempt<T>(file: PictureFile, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw failure(file, code === 'ENOENT' ? 'it is not there' : `reading it failed (${message})`, cause);
  }
}
