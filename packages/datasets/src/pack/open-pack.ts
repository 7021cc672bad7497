/** A pack as a set of pictures. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { decodeSafetensors } from '@longtail/formats';
import { createFileReader, nameOf } from '../batches/read-file.ts';
import type { Dataset, PictureFile } from '../dataset.ts';
import { decode } from '../decode.ts';
import { SHARD_LENGTH, shardPath } from './shard.ts';

/** Written last: labels, lengths, names. */
export const indexPath = (folder: string): string => join(folder, 'pack.safetensors');

/**
 * @param folder as `packDataset` was given it
 * @throws DataError when the pack is missing, not finished, or a shard is cut short; a picture that was left out is one
 *   when it is asked for
 * @example
 * const train = await openPack('packs/train');
 */
export async function openPack(folder: string): Promise<Dataset & { file(index: number): PictureFile }> {
  const source = indexPath(folder);
  const bytes = await readFile(source).catch((cause) => {
    throw new DataError(
      `expected a finished pack in ${folder}, but ${source} cannot be read; run the packing to its end.`,
      { folder },
      { cause },
    );
  });
  const { arrays, metadata } = decodeSafetensors(bytes, { source });
  const lengths = arrays.get('lengths')?.data as Int32Array | undefined;
  const labels = arrays.get('labels')?.data as Int32Array | undefined;
  if (!lengths || !labels || lengths.length !== labels.length)
    throw new DataError(`expected the labels and lengths of a pack in ${source}, but they are not there.`, {
      source,
    });
  const offsets = await offsetsOf(folder, lengths);
  const name = metadata.name ?? folder;
  const file = (index: number): PictureFile => {
    const [offset, length] = [offsets[index], lengths[index]];
    const path = shardPath(folder, Math.floor(index / SHARD_LENGTH));
    if (offset !== undefined && length) return { path, offset, length };
    throw new DataError(
      `expected picture ${index} of ${name} in ${path}, but it was left out when the pack was made.`,
      { index },
    );
  };
  return {
    name,
    length: labels.length,
    labels,
    classNames: JSON.parse(metadata.classNames ?? '[]') as string[],
    file,
    async read(index) {
      const at = file(index);
      const reader = createFileReader();
      try {
        return await decode(reader.read(at), { source: nameOf(at) });
      } finally {
        reader.close();
      }
    },
  };
}

/** Where each picture begins in its shard. @throws DataError when a shard has not the bytes it should */
async function offsetsOf(folder: string, lengths: Int32Array): Promise<Float64Array> {
  const offsets = new Float64Array(lengths.length);
  for (let first = 0; first < lengths.length; first += SHARD_LENGTH) {
    const end = Math.min(first + SHARD_LENGTH, lengths.length);
    let offset = 0;
    for (let i = first; i < end; i++) {
      offsets[i] = offset;
      offset += lengths[i]!;
    }
    const path = shardPath(folder, first / SHARD_LENGTH);
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size < offset)
      throw new DataError(
        `expected ${offset} bytes of pictures in ${path}, but it has ${size}; remove it and run the packing again.`,
        { path, size },
      );
  }
  return offsets;
}
