/**
 * Pictures that hold the same bytes, whatever they are called. Only those of equal size are read: of each the last bytes,
 * which of compressed pictures hardly ever are the same, and the whole only where these are. Of each
 * picture a few numbers are kept.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { PictureFile } from '../dataset.ts';
import { overlapping } from './pictures.ts';

const LAST_BYTES = 4096;

type Compare = (a: number, b: number) => number;

/** Those that are equal to another, in order; equal ones by number. */
function shared(numbers: Uint32Array, compare: Compare): Uint32Array {
  numbers.sort((a, b) => compare(a, b) || a - b);
  const equal = (i: number) => i > 0 && i < numbers.length && compare(numbers[i - 1]!, numbers[i]!) === 0;
  return numbers.filter((_, i) => equal(i) || equal(i + 1));
}

const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** 64 bits of the SHA-256 of the last `most` bytes of a picture. */
async function digestOf({ path, offset = 0, length }: PictureFile, most: number): Promise<bigint> {
  const end = offset + (length ?? (await stat(path)).size);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { start: Math.max(offset, end - most), end: end - 1 }), hash);
  return hash.digest().readBigUInt64LE();
}

/**
 * @param sizes bytes of each picture; 0 for one that is not looked at
 * @param options.fileOf where a picture lies
 * @param options.onProgress with the pictures that were read and those to read
 * @returns of each picture the first one with the same bytes, or itself, shape [sizes.length]
 * @throws the signal's reason
 */
export async function firstOfSame(
  sizes: Float64Array,
  {
    fileOf,
    onProgress,
    signal,
  }: {
    fileOf: (index: number) => PictureFile;
    onProgress?: ((done: number, total: number) => void) | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<Uint32Array> {
  const first = Uint32Array.from(sizes.keys());
  const [last, whole] = [new BigUint64Array(sizes.length), new BigUint64Array(sizes.length)];
  const bySize: Compare = (a, b) => sizes[a]! - sizes[b]!;
  const byLast: Compare = (a, b) => bySize(a, b) || order(last[a]!, last[b]!);
  const byWhole: Compare = (a, b) => byLast(a, b) || order(whole[a]!, whole[b]!);
  const read = async (numbers: Uint32Array, digests: BigUint64Array, most: number) => {
    const digest = async (i: number) => {
      const number = numbers[i]!;
      // What cannot be read any more is like no other.
      digests[number] = await digestOf(fileOf(number), most).catch(() => BigInt(number));
    };
    await overlapping(numbers.length, digest, {
      signal,
      onProgress: (done) => onProgress?.(done, numbers.length),
    });
  };
  const sameSize = shared(
    first.filter((number) => sizes[number]! > 0),
    bySize,
  );
  await read(sameSize, last, LAST_BYTES);
  const sameEnd = shared(sameSize, byLast);
  await read(
    sameEnd.filter((number) => sizes[number]! > LAST_BYTES),
    whole,
    Number.MAX_SAFE_INTEGER,
  );
  const same = shared(sameEnd, byWhole);
  for (let i = 1; i < same.length; i++)
    if (byWhole(same[i - 1]!, same[i]!) === 0) first[same[i]!] = first[same[i - 1]!]!;
  return first;
}
