/** Every picture of a set: whether it is there, is readable, and looks like a picture; or decodes. */
import { open, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { DataError } from '@longtail/core';
import type { PictureFile } from '../dataset.ts';
import { fileError } from '../lists/inside-root.ts';
import { type FiledSplit, placeOf } from './filed.ts';
import type { ProblemCollector } from './problems.ts';

/** Waiting for the disk overlaps; a network's file system gains most. */
const AT_ONCE = 32;
const PROGRESS_EVERY = 500;

/** By the first bytes of a file: JPEG, PNG, GIF, WebP, TIFF, AVIF. */
function looksLikePicture(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return true;
  const text = Buffer.from(bytes).toString('latin1');
  if (['\x89PNG', 'GIF8', 'II*\0', 'MM\0*'].includes(text.slice(0, 4))) return true;
  return (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') || text.slice(4, 8) === 'ftyp';
}

async function firstBytes(
  { path, offset = 0, length = 16 }: PictureFile,
  place: string,
): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(16), 0, Math.min(16, length), offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileError(path, place, cause);
  }
}

async function checkPicture(split: FiledSplit, index: number, decode: boolean): Promise<string | undefined> {
  const place = placeOf(split, index);
  try {
    const file = split.set.file(index);
    split.sizes[index] = file.length ?? (await stat(file.path).catch(() => ({ size: 0 }))).size;
    if (decode) {
      await split.set.read(index);
      return undefined;
    }
    const bytes = await firstBytes(file, place);
    if (looksLikePicture(bytes)) return undefined;
    const found = bytes.length === 0 ? 'the file is empty' : 'its first bytes are of no picture';
    return `expected a picture in ${file.path} (${place}), but ${found}; fetch it again.`;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

/** Work on the items 0 .. length - 1, so many at once. @param onProgress with the items that are done */
export async function overlapping(
  length: number,
  work: (index: number) => Promise<void>,
  {
    onProgress,
    signal,
  }: { onProgress?: ((done: number) => void) | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  let [next, done] = [0, 0];
  const loop = async () => {
    for (let index = next++; index < length; index = next++) {
      signal?.throwIfAborted();
      await work(index);
      if (++done % PROGRESS_EVERY > 0) continue;
      onProgress?.(done);
      await setImmediate(); // a turn for signals: where all files are missing, nothing else waits
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
  onProgress?.(done);
}

/**
 * Fills in the sizes of the pictures as well.
 *
 * @param options.decode the whole of each, instead of its first bytes
 * @param options.onProgress with the pictures of this set that are done
 */
export async function checkPictures(
  split: FiledSplit,
  problems: ProblemCollector,
  { decode, ...options }: { decode: boolean } & Parameters<typeof overlapping>[2],
): Promise<void> {
  const check = async (index: number) => {
    const problem = await checkPicture(split, index, decode);
    if (problem) problems.add('picture', problem);
  };
  await overlapping(split.set.length, check, options);
}
