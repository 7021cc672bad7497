import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { DataError, InputError } from '@longtail/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Batch,
  type BatchesOptions,
  batches,
  centerCrop,
  colorJitter,
  compose,
  type Dataset,
  decode,
  horizontalFlip,
  type PictureFile,
  packDataset,
  randomResizedCrop,
  verify,
} from '../src/index.ts';

const formats = JSON.parse(readFileSync(new URL('./golden/formats.json', import.meta.url), 'utf8')) as {
  [name: string]: { file: string };
};
const encoded = Object.entries(formats).map(
  ([name, { file }]) => [name, Buffer.from(file, 'base64')] as const,
);

let folder: string;
let files: PictureFile[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longtail-threads-'));
  files = encoded.map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return { path: join(folder, name) };
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A set of files; `read` as a set of lists has it. */
function setOf(some: PictureFile[]): Dataset {
  return {
    name: 'files',
    length: some.length,
    labels: Int32Array.from(some, (_, i) => i),
    classNames: [],
    read: (i) => decode(readFileSync(some[i]!.path), { source: some[i]!.path }),
    file: (i) => some[i]!,
  };
}

/** The batches of an epoch, copied: from threads their memory is used again. */
async function all(dataset: Dataset, indices: number[], options: BatchesOptions): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of batches(dataset, indices, options)) {
    found.push({ ...batch, pixels: batch.pixels.slice() });
    await new Promise((resolve) => setTimeout(resolve, 5)); // a consumer slower than the threads
  }
  return found;
}

const transform = compose(
  randomResizedCrop(16),
  horizontalFlip(),
  colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 }),
);
const order = Array.from({ length: 60 }, (_, i) => (i * 7) % encoded.length);

describe('batches from threads', () => {
  it('are those of this thread, whatever the number of threads', async () => {
    const options = { batchSize: 7, transform, seed: 3, epoch: 2 };
    const here = await all(setOf(files), order, { ...options, workers: 0 });
    for (const workers of [1, 3])
      expect(await all(setOf(files), order, { ...options, workers, prefetch: workers })).toEqual(here);
    const resumed = await all(setOf(files), order, { ...options, workers: 2, start: 14 });
    expect(resumed).toEqual(here.slice(2));
  });

  it('come from shards by offset as from files', async () => {
    const path = join(folder, 'shard');
    writeFileSync(path, Buffer.concat(encoded.map(([, bytes]) => bytes)));
    let offset = 0;
    const pieces = encoded.map(([, { length }]) => {
      offset += length;
      return { path, offset: offset - length, length };
    });
    const options = { batchSize: 15, transform, seed: 1, workers: 2 };
    const expected = await all(setOf(files), order, options);
    expect(await all(setOf(pieces), order, options)).toEqual(expected);
  });

  it('take no more memory for 20,000 pictures than for 5,000', async () => {
    const names = ['4:2:0.jpg', 'progressive.jpg', 'grey.jpg', 'cmyk.jpg'];
    const set = setOf(names.map((name) => ({ path: join(folder, name) })));
    const many = Array.from({ length: 20_000 }, (_, i) => i % names.length);
    const options = {
      batchSize: 100,
      transform: compose(randomResizedCrop(16), horizontalFlip()),
      workers: 2,
    };
    const memory: number[] = [];
    for await (const _ of batches(set, many, options)) memory.push(process.memoryUsage.rss() / 2 ** 20);
    const most = (from: number, to: number) => Math.max(...memory.slice(from, to));
    // A leak of one handle or picture (6 KB) in each would be 90 MB; the collector's own ups and downs are below 24.
    expect(most(150, 200) - most(20, 50)).toBeLessThan(24);
  });

  it('wait for a slow consumer: no more than `prefetch` batches are begun ahead of it', async () => {
    const set = setOf(files);
    let begun = 0;
    const counted: Dataset = {
      ...set,
      file(index) {
        begun++;
        return set.file!(index);
      },
    };
    let taken = 0;
    const options = { batchSize: 3, transform, workers: 2, prefetch: 2 };
    for await (const { labels } of batches(counted, order, options)) {
      taken += labels.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(begun).toBeLessThanOrEqual(1 + taken + 2 * 3); // one more for the shape
    }
    expect(taken).toBe(order.length);
  });

  it('end with the consumer, and leave no thread behind', async () => {
    const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
    const before = threads();
    for await (const _ of batches(setOf(files), order, { batchSize: 2, transform, workers: 2 })) break;
    expect(threads()).toBe(before);
  });

  it('refuse a file that is none, wherever the set is used', async () => {
    for (const given of [null, {}, { path: files[0]!.path, offset: -1 }]) {
      const set: Dataset = { ...setOf(files), file: (i) => (i === 1 ? (given as PictureFile) : files[i]!) };
      const out = join(folder, 'pack-of-none');
      for (const use of [
        () => all(set, [1, 0], { batchSize: 2, workers: 2 }),
        () => all(set, [0, 1], { batchSize: 2, workers: 2, transform: centerCrop(8) }),
        () => packDataset(set, { out, workers: 1 }),
        () => verify({ train: set }),
      ]) {
        await expect(use()).rejects.toThrow(InputError);
        await expect(use()).rejects.toThrow('files[1] must be');
      }
    }
  });

  it("take any function as a transform, on this thread, and a set's own sizes", async () => {
    const invert = compose(centerCrop(8), (picture) => ({
      ...picture,
      data: picture.data.map((v) => 255 - v),
    }));
    const [plain, inverted] = await Promise.all(
      [centerCrop(8), invert].map((t) =>
        all(setOf(files), [0, 1, 2], { batchSize: 3, transform: t, workers: 2 }),
      ),
    );
    expect(inverted![0]!.pixels).toEqual(plain![0]!.pixels.map((v) => 255 - v));
    await expect(all(setOf(files), [0], { batchSize: 1, workers: -1 })).rejects.toThrow(InputError);
  });
});

describe('pictures that cannot be read', () => {
  let bad: PictureFile[];
  beforeAll(() => {
    const at = (name: string): PictureFile => ({ path: join(folder, name) });
    writeFileSync(at('empty.jpg').path, '');
    writeFileSync(at('text.jpg').path, 'no picture');
    writeFileSync(at('short.jpg').path, encoded[0]![1]);
    truncateSync(at('short.jpg').path, encoded[0]![1].length - 40);
    const shard = { path: files[0]!.path, offset: 0, length: encoded[0]![1].length + 1 };
    bad = [at('missing.jpg'), at('empty.jpg'), at('text.jpg'), at('short.jpg'), { path: folder }, shard];
  });

  it.each([0, 2])('end the epoch with their name, workers: %i', async (workers) => {
    for (const file of workers === 0 ? bad.slice(1, 4) : bad) {
      const set = setOf([...files.slice(0, 4), file]);
      const options = { batchSize: 5, transform, workers };
      const error = await all(set, [0, 1, 2, 3, 4], options).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toContain(`expected a picture in ${file.path}`);
    }
  });

  it.each([0, 2])('are left out and counted, up to a ceiling, workers: %i', async (workers) => {
    const set = setOf([bad[2]!, files[0]!, bad[1]!, files[1]!, bad[3]!]);
    const options = { batchSize: 2, transform, workers, onBadImage: 'skip' } as const;
    const found = await all(set, [0, 1, 2, 3, 4], options);
    expect(found.map(({ indices }) => [...indices])).toEqual([[1], [3]]);
    expect(found.map(({ labels }) => [...labels])).toEqual([[1], [3]]);
    expect(found[0]!.skipped[0]!.message).toContain(`expected a picture in ${bad[2]!.path}`);
    expect(found.map(({ skipped, end }) => [skipped.length, end])).toEqual([
      [1, 2],
      [2, 5], // the last one's own, and that of the batch behind it
    ]);
    const late = await all(set, [0, 2, 4, 1], options); // a batch without a picture is none, and is counted later
    expect(late.map(({ skipped, end }) => [skipped.length, end])).toEqual([[3, 4]]);
    const whole = await all(setOf([...files.slice(0, 2)]), [0, 0, 0, 1], { ...options, batchSize: 4 });
    expect(found[1]!.pixels).toEqual(whole[0]!.pixels.subarray(3 * 768));
    await expect(all(set, [0, 1, 2, 3, 4], { ...options, maxBadImages: 2 })).rejects.toThrow(
      'expected at most 2 pictures that cannot be read',
    );
  });

  it.each([0, 2])('behind the last batch are not lost, workers: %i', async (workers) => {
    const set = setOf([...files.slice(0, 4), ...bad.slice(1, 4)]);
    const indices = [0, 1, 2, 3, 4, 4, 5, 0, 1, 2, 3, 1, 4, 5, 6, 4, 5]; // the second batch and the last two are all bad
    const options = { batchSize: 4, transform, seed: 3, workers, onBadImage: 'skip' } as const;
    const told = (found: Batch[]) => found.map(({ skipped, end }) => [skipped.length, end]);
    const found = await all(set, indices, { ...options, batchSize: 3 });
    expect(told(found)).toEqual([
      [0, 3],
      [2, 6],
      [1, 9],
      [5, 17],
    ]);
    expect(found.flatMap((batch) => [...batch.indices])).toEqual(indices.filter((i) => i < 4));
    const good = await all(set, [0, 1, 2, 3], { ...options, workers: 0 });
    expect(told(await all(set, [0, 1, 2, 3, 4, 4, 5, 6, 4, 5, 6, 4], options))).toEqual([[8, 12]]);
    const kept = await all(set, [0, 1, 2, 3, 4, 4, 5, 6, 4, 5, 6, 4], options);
    expect(kept[0]!.pixels).toEqual(good[0]!.pixels); // though two batches came into its memory
    const resumed = await all(set, indices, { ...options, batchSize: 3, start: 9 });
    expect(resumed).toEqual(found.slice(3));
    expect(await all(set, indices, { ...options, start: 17 })).toEqual([]);
    const dropped = await all(set, indices, { ...options, batchSize: 3, dropLast: true });
    expect(told(dropped).at(-1)).toEqual([3, 15]); // what is dropped is not read
    const most = { ...options, batchSize: 3, maxBadImages: 7 };
    await expect(all(set, indices, most)).rejects.toThrow('expected at most 7 pictures that cannot be read');
    expect(told(await all(set, indices, { ...most, maxBadImages: 8 }))).toEqual(told(found));
    let first: Batch | undefined;
    for await (const batch of batches(set, indices, { ...options, batchSize: 3 })) {
      first = batch;
      break;
    }
    expect(told([first!])).toEqual([[0, 3]]);
  });

  it.each([0, 2])('and nothing else are an error, workers: %i', async (workers) => {
    const set = setOf([files[0]!, ...bad.slice(1, 4)]);
    const options = { batchSize: 2, transform, workers, onBadImage: 'skip' } as const;
    const run = (indices: number[], more: object = {}) => all(set, indices, { ...options, ...more });
    await expect(run([1, 2, 3])).rejects.toThrow(
      'expected a picture that can be read, but none of the 3 to come can',
    );
    await expect(run([0, 0, 1, 2], { start: 2 })).rejects.toThrow(DataError);
    await expect(run([1, 2, 3], { maxBadImages: 1 })).rejects.toThrow('expected at most 1 pictures');
  });

  it('are not those that a thread takes with it when it ends: an error', async () => {
    const started: Worker[] = [];
    const keep = (worker: Worker) => started.push(worker);
    process.on('worker', keep);
    const options = { batchSize: 2, transform, workers: 3, onBadImage: 'skip' } as const;
    const run = async () => {
      for await (const _ of batches(setOf(files), order, options)) await started[0]!.terminate();
    };
    await expect(run()).rejects.toThrow('a thread that decodes pictures ended before its work.');
    process.off('worker', keep);
    expect(started.length).toBeGreaterThan(0);
    expect((await all(setOf(files), order, options)).at(-1)!.end).toBe(order.length);
  });

  it('are those of another size, too: an error that says both', async () => {
    const sharp = (await import('sharp')).default;
    await sharp(files[0]!.path).resize(10, 10).toFile(join(folder, 'small.png'));
    const set = setOf([files[0]!, { path: join(folder, 'small.png') }]);
    await expect(all(set, [0, 1], { batchSize: 2, workers: 2 })).rejects.toThrow(
      'small.png is 10x10x3 and the first 37x53x3',
    );
  });
});
