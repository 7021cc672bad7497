/** How much disk a run needs, by the files that a few pictures left, and how much there is. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError, extent } from '@longtail/core';
import { size } from '@longtail/report/results';
import type { Preflight } from './preflight.ts';
import type { RecipeData } from './recipe.ts';

export const picturesOf = ({ train, validation, test }: RecipeData): number =>
  train.length + (validation?.length ?? 0) + test.length;

/**
 * @param options.networks how many representations there will be
 * @param options.retrained how many networks stage 2 trains once more
 * @param options.passes over the training pictures, of all of them; see passesOnDisk
 * @returns bytes of all files, and of the largest once more while it is written
 */
export function diskNeeded(
  data: RecipeData,
  {
    bytes,
    few,
    networks,
    passes,
    retrained = 0,
  }: Pick<Preflight, 'bytes' | 'few'> & { networks: number; passes: number; retrained?: number },
): number {
  const ofPicture = bytes.features / picturesOf(few);
  const sizes = Object.values({
    ...bytes,
    features: ofPicture * picturesOf(data),
    predictions: (bytes.predictions * data.test.length) / few.test.length,
  });
  const ofPasses = ofPicture * passes * data.train.length;
  const network = sizes.reduce((a, b) => a + b) + bytes.representation; // of which the checkpoint before is kept, too
  return networks * network + 2 * retrained * bytes.representation + ofPasses + extent(sizes)[1];
}

/** Of those bytes what stage 1 and its features are, of all networks. */
export function stage1Disk(
  data: RecipeData,
  { bytes, few, networks }: Pick<Preflight, 'bytes' | 'few'> & { networks: number },
): number {
  const features = (bytes.features / picturesOf(few)) * picturesOf(data);
  return networks * (2 * bytes.representation + features);
}

/** Where the folder is, or would be made; undefined where the system does not say. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, blocks, bsize } = await statfs(there);
  return blocks > 0 ? bavail * bsize : undefined; // some network file systems say 0 of all
}

/** @throws DataError when there is less than is needed */
export function expectRoom(
  folder: string,
  { needed, free = Number.POSITIVE_INFINITY }: { needed: number; free?: number | undefined },
): void {
  if (needed <= free) return;
  throw new DataError(
    `expected ${size(needed)} of disk for the files of ${folder}, but ${size(free)} are free there; make room, or name another place with --out.`,
    { folder, needed, free },
  );
}
