/**
 * What pictures a run saw, in a few bytes: labels, class names and, where there are any, the paths of the list and the
 * positions of the subset, all of them; and the bytes of some pictures, spread over the set. A second, whatever its size.
 */
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { DataError } from '@longtail/core';
import type { Dataset, FileDataset, PictureFile, Subset } from '@longtail/datasets';
import type { RecipeData } from './recipe.ts';

/** Of each split, such as `500 pictures, sha256 2c26b46b68ffc68f`. */
export interface Fingerprints {
  readonly train: string;
  readonly validation?: string;
  readonly test: string;
}

/** Pictures of a split that are looked at, and bytes of the file of each. */
const LOOKED_AT = 100;
const MOST_BYTES = 65_536;

/** Not where it lies: a folder of pictures may be moved. */
async function fingerprint(set: Dataset): Promise<string> {
  const { labels, classNames, length } = set;
  const { list, hash: subset } = set as Partial<FileDataset & Subset>;
  const hash = createHash('sha256').update(JSON.stringify([length, classNames, subset ?? null]));
  hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  for (let i = 0; list && i < length; i++) hash.update(`${list.path(i)}\n`);
  const count = Math.min(LOOKED_AT, length);
  for (let i = 0; i < count; i++) await lookAt(set, Math.floor((i * length) / count), hash);
  return `${length} pictures, sha256 ${hash.digest('hex').slice(0, 16)}`;
}

export async function fingerprints({ train, validation, test }: RecipeData): Promise<Fingerprints> {
  return {
    train: await fingerprint(train),
    ...(validation && { validation: await fingerprint(validation) }),
    test: await fingerprint(test),
  };
}

/** A picture that cannot be read is one like any other here: the stages say what is wrong with it. */
async function lookAt(set: Dataset, index: number, hash: Hash): Promise<void> {
  try {
    if (set.file) hash.update(await beginning(set.file(index)));
    else {
      const { data, height, width, channels } = await set.read(index);
      hash.update(`${height}x${width}x${channels}`).update(data);
    }
  } catch (error) {
    if (!(error instanceof DataError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    hash.update('unreadable');
  }
}

/** How long the file of a picture is, and how it begins. */
async function beginning({ path, offset = 0, length }: PictureFile): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const size = length ?? (await file.stat()).size;
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(Math.min(size, MOST_BYTES)),
      0,
      Math.min(size, MOST_BYTES),
      offset,
    );
    return Buffer.concat([Buffer.from(`${size}\n`), buffer.subarray(0, bytesRead)]);
  } finally {
    await file.close();
  }
}
