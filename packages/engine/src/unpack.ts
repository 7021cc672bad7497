/** The few files out of a wheel (a zip file), where they lay in it: they find one another by relative paths. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { EngineError } from '@longtail/core';
import { type Entry, open, type ZipFile } from 'yauzl';

/**
 * @param files paths inside the wheel; one that ends in / is a folder with all that is below it
 * @returns the size of each file, by path
 * @throws EngineError when one is not in the wheel
 */
export async function unpack(
  wheel: string,
  files: readonly string[],
  target: string,
): Promise<Record<string, number>> {
  const zip = await promisify<string, { lazyEntries: true }, ZipFile>(open as never)(wheel, {
    lazyEntries: true,
  });
  const sizes: Record<string, number> = {};
  const isIn = (file: string, path: string): boolean =>
    file.endsWith('/') ? path.startsWith(file) && !path.endsWith('/') : path === file;
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      if (!files.some((file) => isIn(file, entry.fileName))) return zip.readEntry();
      extract(zip, entry, join(target, entry.fileName)).then(() => {
        sizes[entry.fileName] = entry.uncompressedSize;
        zip.readEntry();
      }, reject);
    });
    zip.on('end', resolve).on('error', reject);
    zip.readEntry();
  });
  const paths = Object.keys(sizes);
  const missing = files.find((file) => !paths.some((path) => isIn(file, path)));
  if (missing)
    throw new EngineError(`expected ${missing} in ${wheel}, but it is not there.`, { wheel, missing });
  return sizes;
}

async function extract(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const stream = await promisify(
    zip.openReadStream.bind(zip) as (
      e: Entry,
      done: (error: Error | null, s: NodeJS.ReadableStream) => void,
    ) => void,
  )(entry);
  const isProgram = ((entry.externalFileAttributes >>> 16) & 0o100) !== 0;
  await pipeline(
    stream as NodeJS.ReadableStream,
    createWriteStream(path, { mode: isProgram ? 0o700 : 0o600 }),
  );
}
