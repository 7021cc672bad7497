/** A first look at a picture's file: how it begins, how long it is, how it ends. */
import { hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { PictureFile } from '../dataset.ts';

/** A file that is no longer is read whole, by one read. */
export const END_BYTES = 4096;

export interface Look {
  readonly first: Uint8Array;
  readonly size: number;
  /** 64 bits of the SHA-256 of the last {@link END_BYTES}, or of all there is. */
  readonly end: bigint;
}

const digest = (bytes: Uint8Array): bigint => hash('sha256', bytes, 'buffer').readBigUInt64LE();

async function read(handle: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}

/** @throws what the system says of a file that cannot be read */
export async function lookAt({ path, offset = 0, length }: PictureFile): Promise<Look> {
  const handle = await open(path, 'r');
  try {
    const first = await read(handle, offset, Math.min(END_BYTES, length ?? END_BYTES));
    if (first.length < END_BYTES || length === END_BYTES)
      return { first, size: first.length, end: digest(first) };
    const size = length ?? (await handle.stat()).size;
    return { first, size, end: digest(await read(handle, offset + size - END_BYTES, END_BYTES)) };
  } finally {
    await handle.close();
  }
}
