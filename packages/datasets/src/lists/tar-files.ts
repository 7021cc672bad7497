/**
 * Pictures inside a tar, read where they lie: 23,000 small files stay one. A compressed tar is decompressed into a cache
 * first, once.
 */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError } from '@longtail/core';
import { writeWhole } from '@longtail/formats/whole-file';
import type { PictureFile } from '../dataset.ts';
import { fileHash } from '../file-hash.ts';
import { tarEntries } from './tar-entries.ts';
import { TarError } from './tar-error.ts';
import { fileBytes } from './text-file.ts';

/**
 * The tar of a tar.gz, in the cache and named after its content.
 *
 * @throws DataError when the archive is missing or cut short; nothing is left in the cache then
 */
export async function decompressed(archive: string, { cache }: { cache: string }): Promise<string> {
  const hash = (await fileHash(archive, 'sha256')).slice(0, 16);
  const tar = join(cache, `${basename(archive, '.tar.gz')}-${hash}.tar`);
  if (!existsSync(tar)) await writeWhole(tar, fileBytes(archive));
  return tar;
}

/** `tar -C FOLDER .` begins every path so. */
const withoutDot = (path: string): string => path.replace(/^(?:\.\/)+/, '');

type TarFile = PictureFile & { length: number };
const FILES: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];
/** They hold no picture: what names one of them gets none. */
const OTHERS: readonly string[] = ['Directory', 'GNUDumpDir', 'SymbolicLink'];

/**
 * Where each file of a tar lies, by its path. A hard link is the file before it that it names; symbolic links and folders
 * are left out.
 *
 * @param tar in the formats ustar, PAX or GNU
 * @throws DataError with the byte: it is no tar, holds no file, is cut short, has a file stored with holes, a device, or a
 *   link to nothing
 */
export async function tarFiles(tar: string): Promise<Map<string, TarFile>> {
  const files = new Map<string, TarFile>();
  const handle = await open(tar, 'r').catch((cause) => {
    throw new DataError(
      `expected a tar in ${tar}, but it cannot be read (${(cause as Error).message}); name another.`,
    );
  });
  try {
    const { size } = await handle.stat();
    for await (const { type, at, offset, length, ...entry } of tarEntries(handle, { size })) {
      const [path, target] = [withoutDot(entry.path), withoutDot(entry.target)];
      const linked = type === 'Link' ? files.get(target) : undefined;
      if (FILES.includes(type)) files.set(path, { path: tar, offset, length });
      else if (linked) files.set(path, linked);
      else if (type === 'Link')
        throw new TarError(`${path} is a link to ${target}, which is not before it`, at);
      else if (!OTHERS.includes(type)) throw new TarError(`there is a ${type}, which is not read here`, at);
    }
    if (files.size === 0) throw new TarError(size === 0 ? 'it is empty' : 'it holds no file', 0);
    return files;
  } catch (cause) {
    const { at, message } = cause as TarError;
    throw new DataError(
      `expected a whole tar in ${tar}, but ${cause instanceof TarError ? `at byte ${at} ` : ''}${message}; fetch it again, or pack it anew (tar --format=pax).`,
      { tar, at },
      { cause },
    );
  } finally {
    await handle.close();
  }
}
