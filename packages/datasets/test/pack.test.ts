import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { DataError, InputError } from '@longtail/core';
import { writeWhole } from '@longtail/formats/whole-file';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  batches,
  centerCrop,
  type Dataset,
  decode,
  inMemory,
  openPack,
  type PictureFile,
  packDataset,
} from '../src/index.ts';
import { SHARD_LENGTH, shardPath } from '../src/pack/shard.ts';
import { pattern } from './pattern.ts';

let root: string;
let files: PictureFile[];
/** One picture that is resized, one that stays as it is, one that is turned over, in turn. */
const SIZES = [
  [60, 90],
  [16, 40],
  [50, 33],
] as const;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'longtail-pack-'));
  files = await Promise.all(
    SIZES.map(async ([height, width], i) => {
      const path = join(root, `${i}.jpg`);
      await sharp(pattern(height, width), { raw: { height, width, channels: 3 } }).toFile(path);
      return { path };
    }),
  );
});
afterAll(() => rmSync(root, { recursive: true }));

const setOf = (length: number, some = files): Dataset => ({
  name: 'photos',
  length,
  labels: Int32Array.from({ length }, (_, i) => i % 3),
  classNames: ['a', 'b', 'c'],
  read: (i) => decode(readFileSync(some[i % some.length]!.path), { source: 'photo' }),
  file: (i) => some[i % some.length]!,
});
const names = (folder: string): string[] => readdirSync(folder).sort();

describe('a pack', () => {
  it('has the set, resized where it is larger, and is read by offset', async () => {
    const out = join(root, 'whole');
    const length = SHARD_LENGTH + 5;
    const seen: number[] = [];
    const { skipped } = await packDataset(setOf(length), {
      out,
      size: 20,
      workers: 2,
      onProgress: (n) => seen.push(n),
    });
    expect(skipped).toEqual([]);
    expect(seen.at(-1)).toBe(length);
    expect(names(out)).toEqual(['00000.pictures', '00001.pictures', 'pack.safetensors']);
    const packed = await openPack(out);
    expect([packed.name, packed.length, packed.classNames]).toEqual(['photos', length, ['a', 'b', 'c']]);
    expect(packed.labels).toEqual(setOf(length).labels);
    for (const i of [0, 1, 2, SHARD_LENGTH, SHARD_LENGTH + 4]) {
      const { height, width } = await packed.read(i);
      expect([height, width]).toEqual(
        [
          [20, 30],
          [16, 40],
          [30, 20],
        ][i % 3],
      );
    }
    const { path, offset, length: size } = packed.file(SHARD_LENGTH + 2);
    const kept = readFileSync(path).subarray(offset, offset! + size!);
    expect(kept).toEqual(readFileSync(files[1]!.path)); // (512 + 2) % 3 = 1
    const options = { batchSize: 3, transform: centerCrop(8) };
    const order = [0, 2, SHARD_LENGTH + 1];
    const read = async (workers: number) => {
      for await (const { pixels } of batches(packed, order, { ...options, workers })) return pixels.slice();
      return undefined;
    };
    expect(await read(2)).toEqual(await read(0));
  });

  it('is gone on with after a stop, and keeps the shards it has', async () => {
    const out = join(root, 'stopped');
    const set = setOf(2 * SHARD_LENGTH);
    const controller = new AbortController();
    const stop = new Error('stopped');
    const stopped = packDataset(set, {
      ...{ out, size: 20, workers: 1, signal: controller.signal },
      onProgress: () => controller.abort(stop),
    });
    await expect(stopped).rejects.toBe(stop);
    expect(names(out)).toEqual(['00000.pictures']);
    await expect(openPack(out)).rejects.toThrow('expected a finished pack');
    const { mtimeMs } = statSync(shardPath(out, 0));
    await packDataset(set, { out, size: 20, workers: 1 });
    expect(statSync(shardPath(out, 0)).mtimeMs).toBe(mtimeMs);
    await expect(packDataset(set, { out, size: 24 })).rejects.toThrow(
      'made of others, or with other options',
    );
    truncateSync(shardPath(out, 1), 1000);
    await expect(openPack(out)).rejects.toThrow(`in ${shardPath(out, 1)}, but it has 1000`);
  });

  it('leaves out a bad picture when asked to, its label too, and names it', async () => {
    const bad = join(root, 'bad.jpg');
    writeFileSync(bad, 'no picture');
    const set = setOf(4, [files[0]!, { path: bad }]);
    await expect(packDataset(set, { out: join(root, 'fails') })).rejects.toThrow(
      `expected a picture in ${bad}`,
    );
    expect(names(join(root, 'fails'))).toEqual([]);
    const out = join(root, 'skips');
    const { pictures, skipped } = await packDataset(set, { out, size: 20, onBadImage: 'skip' });
    expect(pictures).toBe(2);
    expect(skipped.map(({ message }) => message.includes(bad))).toEqual([true, true]);
    const packed = await openPack(out);
    expect([packed.length, [...packed.labels]]).toEqual([2, [0, 2]]); // of the labels 0, 1, 2, 0
    expect(() => packed.file(2)).toThrow('photos has the pictures 0 to 1, but 2 was asked for');
    expect(packed.file(1)).toMatchObject({ offset: packed.file(0).length });
    const found: number[] = [];
    const options = { batchSize: 4, transform: centerCrop(8), workers: 1 };
    for await (const { labels } of batches(packed, [0, 1], options)) found.push(...labels);
    expect(found).toEqual([0, 2]);
    const none = join(root, 'none-left');
    await packDataset(setOf(2, [{ path: bad }]), { out: none, onBadImage: 'skip' });
    await expect(openPack(none)).rejects.toThrow('but all were left out');
  });

  it('is made of files, and says so; a full disk is a DataError that loses nothing', async () => {
    const memory = inMemory('memory', {
      pixels: new Uint8Array(3),
      labels: Int32Array.of(0),
      classNames: ['a'],
      shape: [1, 1, 3],
    });
    await expect(packDataset(memory, { out: join(root, 'none') })).rejects.toThrow(InputError);
    if (process.platform !== 'linux') return console.warn('skipped: /dev/full is of Linux');
    const path = join(root, 'full');
    writeFileSync(path, 'before');
    for (let i = 0; i < 100; i++) symlinkSync('/dev/full', `${path}.${process.pid}.${threadId}.${i}.tmp`);
    const error = await writeWhole(path, [new Uint8Array(100)]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(
      'the disk is full (ENOSPC); make room, or name a folder on another disk, and start again',
    );
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(names(root).filter((name) => name.endsWith('.tmp'))).toHaveLength(99); // its own is removed
  });

  it('is made by two callers at once as by one', async () => {
    const out = join(root, 'twice');
    const made = Array.from({ length: 2 }, () => packDataset(setOf(3), { out, workers: 1 }));
    expect((await Promise.all(made)).map(({ pictures }) => pictures)).toEqual([3, 3]);
    await packDataset(setOf(3), { out: join(root, 'once'), workers: 1 });
    for (const name of names(join(root, 'once')))
      expect(readFileSync(join(out, name))).toEqual(readFileSync(join(root, 'once', name)));
    expect(names(out)).toEqual(names(join(root, 'once')));
  });
});
