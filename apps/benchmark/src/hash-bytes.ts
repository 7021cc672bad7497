/** The bytes of an array, whatever its size, into a hash. */
import type { Hash } from 'node:crypto';

/** A hash takes less than 2 GiB at a time. */
const CHUNK = 2 ** 30;

export function hashBytes(hash: Hash, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
  for (let at = 0; at < byteLength; at += CHUNK)
    hash.update(new Uint8Array(buffer, byteOffset + at, Math.min(CHUNK, byteLength - at)));
}
