/**
 * Pictures inside a tar, read where they lie: 23,000 small files stay one. A compressed tar is decompressed into a cache
 * first, once.
 */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@longtail/core';
import { Header } from 'tar';
import type { PictureFile } from '../dataset.ts';
import { fileHash } from '../file-hash.ts';
import { fileBytes } from './text-file.ts';

const BLOCK = 512;
const WINDOW = 1 << 20;

/**
 * The tar of a tar.gz, in the cache and named after its content.
 *
 * @throws DataError when the archive is missing or cut short; nothing is left in the cache then
 */
export async function decompressed(archive: string, { cache }: { cache: string }): Promise<string> {
  const hash = (await fileHash(archive, 'sha256')).slice(0, 16);
  const tar = join(cache, `${basename(archive, '.tar.gz')}-${hash}.tar`);
  if (existsSync(tar)) return tar;
  await mkdir(cache, { recursive: true });
  const temporary = `${tar}.${process.pid}.tmp`;
  try {
    await pipeline(fileBytes(archive), createWriteStream(temporary));
    await rename(temporary, tar);
    return tar;
  } finally {
    await rm(temporary, { force: true });
  }
}

function headerOf(block: Buffer): { path: string; length: number; type: string } | undefined {
  try {
    const { path, size: length = 0, type, cksumValid } = new Header(block);
    return path && cksumValid && Number.isSafeInteger(length) && length >= 0
      ? { path, length, type }
      : undefined;
  } catch {
    return undefined; // a number that is none
  }
}

/**
 * Where each file of a tar lies, by its path. Links and folders are left out.
 *
 * @throws DataError when it is none, or cut short
 */
export async function tarFiles(tar: string): Promise<Map<string, PictureFile & { length: number }>> {
  const files = new Map<string, PictureFile & { length: number }>();
  const handle = await open(tar, 'r');
  const fail = (found: string, at: number) =>
    new DataError(`expected a whole tar in ${tar}, but at byte ${at} ${found}; fetch it again.`, { tar });
  try {
    const { size } = await handle.stat();
    let [window, windowStart] = [Buffer.alloc(0), 0];
    for (let at = 0; at < size; ) {
      if (at < windowStart || at + BLOCK > windowStart + window.length) {
        window = Buffer.alloc(Math.min(WINDOW, size - at));
        windowStart = at;
        await handle.read(window, 0, window.length, at);
      }
      const block = window.subarray(at - windowStart, at - windowStart + BLOCK);
      if (block.length < BLOCK) throw fail('it is cut short', at);
      if (block.every((byte) => byte === 0)) return files;
      const header = headerOf(block);
      if (!header) throw fail('there is no header of a file', at);
      const { path, length, type } = header;
      if (type === 'File' || type === 'OldFile') files.set(path, { path: tar, offset: at + BLOCK, length });
      else if (type !== 'Directory') throw fail(`there is a ${type}, which is not read here`, at);
      at += BLOCK * (1 + Math.ceil(length / BLOCK));
      if (at > size) throw fail('it is cut short', size);
    }
    return files;
  } finally {
    await handle.close();
  }
}
