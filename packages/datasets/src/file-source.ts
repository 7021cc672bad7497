/** A file that is opened for each piece that is read, so that a set of it needs no closing. */
import { open, stat } from 'node:fs/promises';
import { DataError } from '@longtail/core';
import type { Source } from '@longtail/formats';

/** @throws DataError when there is no file */
export async function fileSource(path: string): Promise<Source> {
  const wrong = (found: string, cause?: unknown) =>
    new DataError(`expected a file at ${path}, but ${found}.`, { path }, { cause });
  const status = await stat(path).catch((cause: Error) => {
    throw wrong(`looking for it failed (${cause.message})`, cause);
  });
  if (!status.isFile()) throw wrong('it is none; name the file itself');
  return {
    path,
    size: status.size,
    async read(offset, length) {
      const handle = await open(path, 'r').catch((cause: Error) => {
        throw wrong(`opening it failed (${cause.message})`, cause);
      });
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await handle.read(bytes, 0, length, offset);
        if (bytesRead === length) return bytes;
        throw wrong(`it ends at byte ${offset + bytesRead}, and had ${status.size}; fetch or write it again`);
      } finally {
        await handle.close();
      }
    },
    close: async () => {},
  };
}
