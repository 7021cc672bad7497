/**
 * A set of large photos as a pack: pictures of a short side of 256 pixels as JPEGs, in shards that are read by offset.
 * iNaturalist's photos of 800x600 cost three to five times as much to decode at each epoch. A pack is its own
 * data: JPEG takes a little once more, and a random crop draws from fewer pixels.
 */

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { checkIntegers, checkOneOf, checkOptions, DataError, InputError, refusal } from '@longtail/core';
import { makeFolder } from '@longtail/core/make-folder';
import { encodeSafetensors } from '@longtail/formats';
import { writeWhole } from '@longtail/formats/whole-file';
import { expectCallbacks, expectMaxPixels, expectPath, expectSignal } from '../arguments.ts';
import { asError } from '../batches/messages.ts';
import { isBadImage } from '../batches/plan.ts';
import { checkDataset, checkedFile } from '../checked-dataset.ts';
import type { Dataset, PictureFile } from '../dataset.ts';
import { MAX_PIXELS } from '../decode.ts';
import { indexPath } from './open-pack.ts';
import type { PackShape, ShardAnswer, ShardJob } from './pack-thread.ts';
import { keyOf, readLengths, SHARD_LENGTH, shardPath } from './shard.ts';

export interface PackOptions extends Partial<PackShape> {
  /** Folder of the pack. A pack that was begun there is gone on with. */
  out: string;
  workers?: number;
  /** A picture that cannot be read ends the packing, or its place in the pack is left empty. */
  onBadImage?: 'fail' | 'skip';
  /** Ends after the shards under way. */
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * @returns how many pictures the pack has, and why others were left out in this call
 * @throws InputError for a set that is not of files, and options out of range
 * @throws DataError naming the picture that cannot be read, or the file that cannot be written: a full disk, another set's pack
 * @throws the signal's reason
 * @example
 * await packDataset(train, { out: 'packs/train' });
 * const packed = await openPack('packs/train');
 */
export async function packDataset(
  dataset: Dataset,
  options: PackOptions,
): Promise<{ pictures: number; skipped: DataError[] }> {
  checkDataset(dataset);
  checkOptions(options, { of: 'packDataset' });
  const { out, size = 256, quality = 95, onBadImage = 'fail', signal, onProgress } = options;
  const { workers = availableParallelism(), maxPixels = MAX_PIXELS, orient = false } = options;
  expectPath('out', out);
  checkIntegers({ size }, { least: 1, most: 65_535 });
  checkIntegers({ quality }, { least: 1, most: 100 });
  checkIntegers({ workers }, { least: 1, most: 1024 });
  checkOneOf({ onBadImage }, ['fail', 'skip']);
  checkOneOf({ orient }, [true, false]);
  expectMaxPixels(maxPixels);
  expectSignal(signal);
  expectCallbacks({ onProgress });
  const shards = Math.ceil(dataset.length / SHARD_LENGTH);
  const lengths = new Int32Array(dataset.length);
  const skipped: DataError[] = [];
  await makeFolder(out).catch((cause) => {
    const { found, remedy } = refusal(cause, { of: out }) ?? { found: cause.message, remedy: 'name another' };
    throw new DataError(
      `expected to make the pack's folder ${out}, but ${found}; ${remedy}.`,
      { out },
      { cause },
    );
  });
  let [next, done] = [0, 0];
  await inThreads(Math.min(workers, shards), async (thread) => {
    try {
      while (next < shards && !signal?.aborted) {
        const shard = next++;
        const made = await makeShard(thread, dataset, { ...options, shard });
        lengths.set(made.lengths, shard * SHARD_LENGTH);
        for (const error of made.skipped) skipped.push(error);
        done += made.lengths.length;
        onProgress?.(done, dataset.length);
      }
    } catch (error) {
      next = shards; // the other threads end with the shards they are at
      throw error;
    }
  });
  signal?.throwIfAborted();
  await writeIndex(dataset, { out, lengths });
  return { pictures: lengths.filter((length) => length > 0).length, skipped };
}

/** Every thread at the work; all end before the first error is thrown. */
async function inThreads(count: number, work: (thread: Thread) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      const thread = startThread();
      await work(thread).finally(thread.end);
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function writeIndex(
  { name, length, labels, classNames }: Dataset,
  { out, lengths }: { out: string; lengths: Int32Array },
): Promise<void> {
  const arrays = new Map([
    ['lengths', { shape: [length], data: lengths }],
    ['labels', { shape: [length], data: labels }],
  ]);
  const metadata = { name, classNames: JSON.stringify(classNames) };
  await writeWhole(indexPath(out), encodeSafetensors(arrays, metadata));
}

/** @returns what is there already, or what a thread makes */
async function makeShard(
  thread: Thread,
  dataset: Dataset,
  { out, shard, onBadImage = 'fail', ...options }: PackOptions & { shard: number },
): Promise<{ lengths: Int32Array; skipped: DataError[] }> {
  const { size = 256, quality = 95, maxPixels = MAX_PIXELS, orient = false } = options;
  const shape = { size, quality, maxPixels, orient };
  const { files, skipped } = filesOf(dataset, { shard, onBadImage });
  const key = keyOf({ files, shape });
  const path = shardPath(out, shard);
  const known = await readLengths(path, files.length, key);
  if (known) return { lengths: known, skipped };
  const { error, lengths, failures } = await thread.make({ ...shape, path, files, key, onBadImage });
  if (error) throw asError(error);
  return { lengths, skipped: [...skipped, ...(failures.map(asError) as DataError[])] };
}

/** Where the pictures of a shard lie; null for one that is left out. */
function filesOf(
  dataset: Dataset,
  { shard, onBadImage }: { shard: number; onBadImage: 'fail' | 'skip' },
): { files: (PictureFile | null)[]; skipped: DataError[] } {
  if (!dataset.file)
    throw new InputError(
      `a pack is made of files, but ${dataset.name} has none: its pictures lie in memory, or inside of Parquet.`,
    );
  const skipped: DataError[] = [];
  const files: (PictureFile | null)[] = [];
  const end = Math.min(dataset.length, (shard + 1) * SHARD_LENGTH);
  for (let i = shard * SHARD_LENGTH; i < end; i++)
    try {
      files.push(checkedFile(dataset.file(i), `${dataset.name}[${i}]`));
    } catch (error) {
      if (onBadImage === 'fail' || !isBadImage(error)) throw error;
      skipped.push(error);
      files.push(null);
    }
  return { files, skipped };
}

const THREAD = import.meta.url.endsWith('.ts')
  ? new URL('./pack-thread.ts', import.meta.url)
  : new URL('./pack-thread.js', import.meta.url);

interface Thread {
  make(job: ShardJob): Promise<ShardAnswer>;
  end(): Promise<void>;
}

function startThread(): Thread {
  const thread = new Worker(THREAD);
  const exit = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  return {
    async make(job) {
      thread.postMessage(job);
      const [answer] = (await once(thread, 'message')) as [ShardAnswer]; // rejects on 'error'
      return answer;
    },
    async end() {
      thread.postMessage('close');
      await exit;
    },
  };
}
