/** A checkpoint of whatever format, in memory, and the checksum that says which it is. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type NamedArray, type NamedArrays, openArrays } from '@longtail/formats';

export interface CheckpointFile {
  readonly path: string;
  /** Of the file's bytes, in hex. */
  readonly sha256: string;
  readonly arrays: NamedArrays;
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws DataError for a file that is missing, cut short or damaged; InputError where its format is unknown */
export async function readCheckpoint(path: string): Promise<CheckpointFile> {
  const file = await openArrays(path);
  try {
    const arrays = new Map<string, NamedArray>();
    for (const { name, dtype } of file.arrays) if (dtype) arrays.set(name, await file.read(name));
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return { path, sha256: hash.digest('hex'), arrays, metadata: file.metadata };
  } finally {
    await file.close();
  }
}
