/** Pictures that hold the same bytes, whatever they are called: only those of equal size and equal end are read. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { PictureFile } from '../dataset.ts';
import type { Seen } from './filed.ts';
import { END_BYTES } from './look.ts';
import { overlapping } from './overlapping.ts';

type Compare = (a: number, b: number) => number;

/** Those that are equal to another, in order; equal ones by number. */
function shared(numbers: Uint32Array, compare: Compare): Uint32Array {
  numbers.sort((a, b) => compare(a, b) || a - b);
  const equal = (i: number) => i > 0 && i < numbers.length && compare(numbers[i - 1]!, numbers[i]!) === 0;
  return numbers.filter((_, i) => equal(i) || equal(i + 1));
}

const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

async function digestOf({ path, offset = 0 }: PictureFile, size: number): Promise<bigint> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { start: offset, end: offset + size - 1 }), hash);
  return hash.digest().readBigUInt64LE();
}

/**
 * @param seen of each picture
 * @param options.fileOf where a picture lies
 * @param options.onProgress with the pictures that were read and those to read
 * @returns of each picture the first one with the same bytes, or itself, shape [N]
 * @throws the signal's reason
 */
export async function firstOfSame(
  { sizes, ends }: Seen,
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
  const byEnd: Compare = (a, b) => sizes[a]! - sizes[b]! || order(ends[a]!, ends[b]!);
  const alike = shared(
    first.filter((number) => sizes[number]! > 0),
    byEnd,
  );
  const long = alike.filter((number) => sizes[number]! > END_BYTES);
  const wholes = new Map<number, bigint>();
  const read = async (i: number) => {
    const number = long[i]!;
    // What cannot be read any more is like no other.
    const digest = await digestOf(fileOf(number), sizes[number]!).catch(() => BigInt(number));
    wholes.set(number, digest);
  };
  await overlapping(long.length, read, { signal, onProgress: (done) => onProgress?.(done, long.length) });
  const whole = (number: number) => wholes.get(number) ?? 0n;
  const byWhole: Compare = (a, b) => byEnd(a, b) || order(whole(a), whole(b));
  const same = shared(alike, byWhole);
  for (let i = 1; i < same.length; i++)
    if (byWhole(same[i - 1]!, same[i]!) === 0) first[same[i]!] = first[same[i - 1]!]!;
  return first;
}
