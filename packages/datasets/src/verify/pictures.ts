/** Every picture of a set: whether it is there, is readable, and looks like a picture; or decodes. */
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { DataError } from '@longtail/core';
import type { PictureFile } from '../dataset.ts';
import type { FileDataset } from '../lists/file-dataset.ts';
import { fileError } from '../lists/inside-root.ts';
import { KIND_BYTES, looksLikePicture } from '../picture-kinds.ts';
import type { ProblemCollector } from './problems.ts';

/** Waiting for the disk overlaps; a network's file system gains most. */
const AT_ONCE = 32;
const PROGRESS_EVERY = 500;

async function firstBytes(
  { path, offset = 0, length = KIND_BYTES }: PictureFile,
  place: string,
): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(
        new Uint8Array(KIND_BYTES),
        0,
        Math.min(KIND_BYTES, length),
        offset,
      );
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileError(path, place, cause);
  }
}

async function checkPicture(set: FileDataset, index: number, decode: boolean): Promise<string | undefined> {
  const place = set.list.place(index);
  try {
    if (decode) {
      await set.read(index);
      return undefined;
    }
    const file = set.file(index);
    const bytes = await firstBytes(file, place);
    if (looksLikePicture(bytes)) return undefined;
    const found = bytes.length === 0 ? 'the file is empty' : 'its first bytes are of no picture';
    return `expected a picture in ${file.path} (${place}), but ${found}; fetch it again.`;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

/**
 * @param options.decode the whole of each, instead of its first bytes
 * @param options.onProgress with the pictures of this set that are done
 */
export async function checkPictures(
  set: FileDataset,
  problems: ProblemCollector,
  {
    decode,
    onProgress,
    signal,
  }: { decode: boolean; onProgress?: ((done: number) => void) | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  let [next, done] = [0, 0];
  const work = async () => {
    for (let index = next++; index < set.length; index = next++) {
      signal?.throwIfAborted();
      const problem = await checkPicture(set, index, decode);
      if (problem) problems.add('picture', problem);
      if (++done % PROGRESS_EVERY > 0) continue;
      onProgress?.(done);
      await setImmediate(); // a turn for signals: where all files are missing, nothing else waits
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  onProgress?.(done);
}
