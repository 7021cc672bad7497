/**
 * A shard of a pack: encoded pictures one after another, then how long each is (int32, little-endian), then the 32 bytes of
 * a key that says of which pictures, and how, it was made. It is renamed into place when it is whole.
 */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { writeWhole } from '@longtail/formats/whole-file';

/** Pictures of a shard, but for the last. A signal waits for the shard under way. */
export const SHARD_LENGTH = 512;
const KEY_BYTES = 32;

export const shardPath = (folder: string, shard: number): string =>
  join(folder, `${String(shard).padStart(5, '0')}.pictures`);

export const keyOf = (facts: unknown): Buffer => createHash('sha256').update(JSON.stringify(facts)).digest();

/** @param pictures empty for one that is left out */
export async function writeShard(path: string, pictures: readonly Uint8Array[], key: Buffer): Promise<void> {
  const lengths = Int32Array.from(pictures, ({ length }) => length);
  await writeWhole(path, [...pictures, new Uint8Array(lengths.buffer), key]);
}

/**
 * The lengths of a shard's pictures.
 *
 * @returns undefined where there is no shard yet
 * @throws DataError when it was made of other pictures, or otherwise
 */
export async function readLengths(path: string, count: number, key: Buffer): Promise<Int32Array | undefined> {
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return undefined;
  const bytes = Buffer.alloc(count * 4 + KEY_BYTES);
  const file = await open(path);
  try {
    await file.read(bytes, 0, bytes.length, Math.max(0, size - bytes.length));
  } finally {
    await file.close();
  }
  const lengths = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + count * 4));
  const sum = lengths.reduce((total, length) => total + length, 0);
  if (!bytes.subarray(count * 4).equals(key) || sum + bytes.length !== size)
    throw new DataError(
      `expected a shard of these pictures in ${path}, but it was made of others, or with other options; name another folder, or remove this one.`,
      { path },
    );
  return lengths;
}
