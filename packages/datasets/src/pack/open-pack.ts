/** A pack as a set of pictures. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions, DataError, InputError, shown } from '@longtail/core';
import { decodeSafetensors } from '@longtail/formats';
import { expectNames, expectPath } from '../arguments.ts';
import { createFileReader, nameOf } from '../batches/read-file.ts';
import type { Dataset, PictureFile } from '../dataset.ts';
import { decode } from '../decode.ts';
import { SHARD_LENGTH, shardPath } from './shard.ts';

/** Written last: labels, lengths, names. */
export const indexPath = (folder: string): string => join(folder, 'pack.safetensors');

/**
 * The pictures that the pack has, in the order of the set it was made of: those that were left out have no label either.
 *
 * @param folder as `packDataset` was given it
 * @param options.classNames of the training set, for its other splits: labels are places among them. Default: the pack's own
 * @throws DataError when the pack is missing, not finished, or a shard is cut short; for a class that `classNames` lacks
 * @example
 * const train = await openPack('packs/train');
 * const test = await openPack('packs/test', { classNames: train.classNames });
 */
export async function openPack(
  folder: string,
  options: { classNames?: readonly string[] } = {},
): Promise<Dataset & { file(index: number): PictureFile }> {
  expectPath('folder', folder);
  const { classNames: given } = checkOptions(options, { of: 'openPack' });
  if (given !== undefined) expectNames('classNames', given);
  const { name, classNames, lengths, labels } = await readIndex(folder);
  const offsets = await offsetsOf(folder, lengths);
  const there = Int32Array.from(lengths.keys()).filter((place) => lengths[place]! > 0);
  const file = (index: number): PictureFile => {
    const place = Number.isInteger(index) ? there[index] : undefined;
    if (place === undefined)
      throw new InputError(
        `${name} has the pictures 0 to ${there.length - 1}, but ${shown(index)} was asked for.`,
        {
          index,
        },
      );
    const path = shardPath(folder, Math.floor(place / SHARD_LENGTH));
    return { path, offset: offsets[place]!, length: lengths[place]! };
  };
  return {
    name,
    length: there.length,
    labels: labelsAmong(given ?? classNames, {
      folder,
      classNames,
      labels: there.map((place) => labels[place]!),
    }),
    classNames: given ?? classNames,
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

/** The pack's labels, by the names of its classes, as places among others. */
function labelsAmong(
  given: readonly string[],
  { folder, classNames, labels }: { folder: string; classNames: readonly string[]; labels: Int32Array },
): Int32Array {
  const order = new Map(given.map((name, c) => [name, c]));
  const places = classNames.map((name) => order.get(name));
  return labels.map((label) => {
    const place = places[label];
    if (place !== undefined) return place;
    throw new DataError(
      `expected the training set's ${given.length} classes in ${folder}, but there are pictures of "${classNames[label]}"; leave them out, or give the class training pictures.`,
      { folder, label },
    );
  });
}

interface Index {
  readonly name: string;
  readonly classNames: readonly string[];
  /** Bytes of each picture, 0 for one that was left out; and its class. */
  readonly lengths: Int32Array;
  readonly labels: Int32Array;
}

async function readIndex(folder: string): Promise<Index> {
  const source = indexPath(folder);
  const bytes = await readFile(source).catch((cause) => {
    throw new DataError(
      `expected a finished pack in ${folder}, but ${source} cannot be read; run the packing to its end.`,
      { folder },
      { cause },
    );
  });
  const { arrays, metadata } = decodeSafetensors(bytes, { source });
  const [lengths, labels] = ['lengths', 'labels'].map((key) => arrays.get(key)?.data);
  const classNames = namesOf(metadata.classNames);
  const isPack =
    lengths instanceof Int32Array &&
    labels instanceof Int32Array &&
    lengths.length === labels.length &&
    labels.every((label) => label >= 0 && label < classNames.length);
  if (!isPack)
    throw new DataError(
      `expected the lengths, labels and class names of a pack in ${source}, but they are not there; pack the set again.`,
      { source },
    );
  if (lengths.every((length) => length <= 0))
    throw new DataError(
      `expected pictures in the pack ${folder}, but all were left out; mend the set, then pack it again.`,
      {
        folder,
      },
    );
  return { name: metadata.name ?? folder, classNames, lengths, labels };
}

function namesOf(json = '[]'): string[] {
  try {
    const names: unknown = JSON.parse(json);
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return [];
  }
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
