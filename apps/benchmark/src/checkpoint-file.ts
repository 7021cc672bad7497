/** A checkpoint of whatever format, in memory, and the checksum that says which it is. */
import { type NamedArray, type NamedArrays, openArrays } from '@longtail/formats';
import { sha256Of } from './file-hash.ts';

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
    return { path, sha256: await sha256Of(path), arrays, metadata: file.metadata };
  } finally {
    await file.close();
  }
}
