/** A file that is read in pieces, by offset: what a feature set of 10 GB needs to open at once. */
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DataError } from '@longtail/core';

export interface OpenFile {
  readonly path: string;
  /** Bytes, when it was opened. */
  readonly size: number;
  /** Bytes [offset, offset + length), in an ArrayBuffer of their own, so that they are aligned. */
  read(offset: number, length: number): Promise<Buffer>;
  /** The same at once, for headers. */
  readNow(offset: number, length: number): Buffer;
  close(): Promise<void>;
}

/** One call of the system reads less than 2 GiB. */
const MAX_CALL = 2 ** 30;

/** @throws DataError when the file is not there or is none */
export async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw new DataError(
      `expected a file at ${path}, but opening it failed (${(cause as Error).message}).`,
      { path },
      { cause },
    );
  }
  const status = await handle.stat();
  if (!status.isFile()) {
    await handle.close();
    throw new DataError(`expected a file at ${path}, but it is none; name the file itself.`, { path });
  }
  return readable(path, handle, status.size);
}

function readable(path: string, handle: FileHandle, size: number): OpenFile {
  const piece = (offset: number, length: number): Buffer => {
    if (!(offset >= 0 && length >= 0 && offset + length <= size)) throw endsEarly(path, offset, length, size);
    return Buffer.allocUnsafeSlow(length);
  };
  return {
    path,
    size,
    async read(offset, length) {
      const bytes = piece(offset, length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(
          bytes,
          done,
          Math.min(length - done, MAX_CALL),
          offset + done,
        );
        if (bytesRead === 0) throw endsEarly(path, offset, length, offset + done);
        done += bytesRead;
      }
      return bytes;
    },
    readNow(offset, length) {
      const bytes = piece(offset, length);
      if (readSync(handle.fd, bytes, 0, length, offset) < length) throw endsEarly(path, offset, length, size);
      return bytes;
    },
    close: () => handle.close(),
  };
}

function endsEarly(path: string, offset: number, length: number, size: number): DataError {
  return new DataError(
    `${path}: expected ${length} bytes at byte ${offset}, but the file ends at byte ${size}; fetch or write it again.`,
    { path, offset, length, size },
  );
}
