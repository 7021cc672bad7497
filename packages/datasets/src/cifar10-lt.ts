/**
 * CIFAR-10-LT (Cao et al. 2019): the exponential long tail of CIFAR-10's training images, LDAM's subset; the whole
 * balanced test set. From the lossless archives where they are; else from JPEGs, which cost a network trained on the lossless set some points, and are fine to train on.
 */
import { checkOptions, DataError } from '@longtail/core';
import { expectCallbacks, expectPath } from './arguments.ts';
import { cifarLT, type LongTailOptions } from './cifar/cifar.ts';
import { findCifar } from './cifar/files.ts';
import { CIFAR10_CLASSES, cifar10Jpegs, findArchive, type JpegPack } from './cifar10-archive.ts';
import { type Dataset, inMemory } from './dataset.ts';
import { decode } from './decode.ts';
import { longTail } from './long-tail.ts';
import { drawSubset, type Subset, subsetHash } from './subset.ts';

const SIZE = 32;
const BYTES = SIZE * SIZE * 3;

async function decodeAll(
  { bytes, offsets }: JpegPack,
  indices: ArrayLike<number>,
  name: string,
): Promise<Uint8Array> {
  const pixels = new Uint8Array(indices.length * BYTES);
  const decodeOne = async (i: number) => {
    const source = `${name}, picture ${indices[i]}`;
    const jpeg = bytes.subarray(offsets[indices[i]!]!, offsets[indices[i]! + 1]!);
    const { data, height, width, channels } = await decode(jpeg, { source });
    if (data.length !== BYTES || height !== SIZE)
      throw new DataError(
        `expected pictures of ${SIZE}x${SIZE}x3, but ${source} is ${height}x${width}x${channels}.`,
      );
    pixels.set(data, i * BYTES);
  };
  // A few at a time: sharp's threads work while the event loop hands out the next.
  for (let start = 0; start < indices.length; start += 64)
    await Promise.all(
      Array.from({ length: Math.min(64, indices.length - start) }, (_, i) => decodeOne(start + i)),
    );
  return pixels;
}

/**
 * @param data folder with a published archive of CIFAR-10 (binary or python), what it unpacks to, or cifar10-jpg.tar.gz;
 *   or the file itself. It is only read; the lossless one goes first
 * @param options.cache folder where the JPEG archive's content is kept for the next time
 * @returns train (imbalanceFactor 100: 12,406 pictures, 5000 .. 50 a class) and test (10,000)
 * @throws DataError when the archive is missing, cut short, or holds something else
 * @example
 * const { train, test } = await cifar10LT('data/cifar10', { cache: '.cache', imbalanceFactor: 100 });
 */
export async function cifar10LT(
  data: string,
  given: LongTailOptions & {
    cache: string;
    onProgress?: (done: number, total: number) => void;
  },
): Promise<{ train: Subset; test: Dataset }> {
  const { cache, onProgress, ...options } = checkOptions(given, { of: 'cifar10LT' });
  expectCallbacks({ onProgress });
  if (findCifar('cifar-10', data)) return cifarLT('cifar-10', data, options);
  const { imbalanceFactor = 100, profile = 'exponential', reversed = false, ...drawing } = options;
  expectPath('cache', cache);
  const packs = await cifar10Jpegs(findArchive(data), { cache, onProgress });
  const counts = longTail({ numClasses: 10, largest: 5000, imbalanceFactor, profile, reversed });
  const all = {
    train: Int32Array.from({ length: 50_000 }, (_, i) => Math.floor(i / 5000)),
    test: Int32Array.from({ length: 10_000 }, (_, i) => Math.floor(i / 1000)),
  };
  const chosen = { train: drawSubset(all.train, counts, drawing), test: all.test.map((_, i) => i) };
  const set = async (split: 'train' | 'test') =>
    inMemory(`cifar-10-lt/${split}`, {
      pixels: await decodeAll(packs[split], chosen[split], `cifar-10 ${split}`),
      labels: chosen[split].map((index) => all[split][index]!),
      classNames: CIFAR10_CLASSES,
      shape: [SIZE, SIZE, 3],
    });
  const hash = subsetHash(all.train, chosen.train);
  return { train: { ...(await set('train')), indices: chosen.train, hash }, test: await set('test') };
}
