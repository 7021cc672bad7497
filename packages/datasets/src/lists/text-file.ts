/** Text files as streams of bytes, gzipped or not. */
import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError, refusal } from '@longtail/core';
import { expectPath } from '../arguments.ts';

const CHUNK = 1 << 18;

/**
 * The bytes of a file; of `NAME.gz` those that were compressed.
 *
 * @throws DataError when the file is missing, cannot be read, or is no whole gzip file
 */
export async function* fileBytes(path: string): AsyncGenerator<Buffer, void, undefined> {
  expectPath('path', path);
  const file = createReadStream(path, { highWaterMark: CHUNK });
  const bytes = path.endsWith('.gz')
    ? pipeline(file, createGunzip({ chunkSize: CHUNK }), () => undefined) // its error ends the loop below as well
    : file;
  try {
    for await (const chunk of bytes) yield chunk as Buffer;
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const { found, remedy } = refusal(cause, { of: path }) ?? {
      found: `that failed (${(cause as Error).message})`,
      remedy: 'fetch it again, or name another',
    };
    throw new DataError(`expected to read ${path}, but ${found}; ${remedy}.`, { path }, { cause });
  } finally {
    file.destroy();
  }
}

/** The first of some paths that is there, itself or with `.gz` behind it. */
export function firstThere(paths: readonly string[]): string | undefined {
  return paths.flatMap((path) => [path, `${path}.gz`]).find((path) => existsSync(path));
}
