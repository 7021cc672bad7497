import { InputError, LongtailError, random } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Batch,
  type BatchesOptions,
  batches,
  compose,
  type Dataset,
  horizontalFlip,
  inMemory,
  type Picture,
  padAndCrop,
} from '../src/index.ts';

const labels = Int32Array.from({ length: 10 }, (_, i) => i % 3);
const pixels = Uint8Array.from({ length: 10 * 4 * 4 * 3 }, (_, i) => (i * 7) % 256);
const dataset = inMemory('test', { pixels, labels, classNames: ['a', 'b', 'c'], shape: [4, 4, 3] });
const all = async (source: AsyncIterable<Batch>): Promise<Batch[]> => {
  const found: Batch[] = [];
  for await (const batch of source) found.push(batch);
  return found;
};

describe('batches', () => {
  it('gives the pictures and labels of the indices, in their order', async () => {
    const [first, last] = await all(batches(dataset, [9, 0, 3, 3, 1], { batchSize: 3 }));
    expect(first!.shape).toEqual([3, 4, 4, 3]);
    expect([...first!.labels, ...last!.labels]).toEqual([0, 0, 0, 0, 1]);
    expect(first!.pixels.subarray(0, 48)).toEqual(pixels.subarray(9 * 48));
    expect(last!.shape).toEqual([2, 4, 4, 3]);
    expect(await all(batches(dataset, [0, 1, 2], { batchSize: 2, dropLast: true }))).toHaveLength(1);
  });

  it('augments by seed, epoch and position alone', async () => {
    const transform = compose(padAndCrop(2), horizontalFlip());
    const read = async (batchSize: number, epoch: number) =>
      (await all(batches(dataset, [0, 1, 2, 3, 4], { batchSize, transform, seed: 5, epoch }))).flatMap(
        (b) => [...b.pixels],
      );
    expect(await read(2, 0)).toEqual(await read(5, 0));
    expect(await read(2, 0)).not.toEqual(await read(2, 1));
  });

  it('refuses labels that are none at the positions asked for', async () => {
    const labelled = (list: unknown) =>
      all(batches({ ...dataset, labels: list as Int32Array }, [3, 0], { batchSize: 2 }));
    for (const [label, found] of [
      [Number.NaN, 'NaN'],
      ['a', '"a"'],
      [0.5, '0.5'],
      [-1, '-1'],
      [2 ** 40, '1099511627776'],
      [1n, '1n'],
      [null, 'null'],
    ])
      await expect(labelled([...labels].with(3, label as number))).rejects.toThrow(
        `test must have labels that are integers from 0 to 2^31 - 1, but labels[3] is ${found}.`,
      );
    await expect(labelled(labels.with(3, -1))).rejects.toThrow(InputError);
    await expect(labelled('0123456789')).rejects.toThrow(InputError);
    const right = [...labels].with(1, Number.NaN); // of a picture that is not asked for
    expect((await labelled(right))[0]!.labels).toEqual(Int32Array.of(0, 0));
  });

  it('names a picture of another size, and a batch size that is none', async () => {
    const odd = {
      ...dataset,
      read: (i: number): Picture => ({ data: new Uint8Array(i + 1), height: 1, width: i + 1, channels: 1 }),
    };
    await expect(all(batches(odd, [0, 1], { batchSize: 2 }))).rejects.toThrow(
      'test[1] is 1x2x1 and the first 1x1x1',
    );
    await expect(all(batches(dataset, [0], { batchSize: 0 }))).rejects.toThrow(InputError);
    const short = { ...dataset, read: () => ({ data: new Uint8Array(3), height: 2, width: 1, channels: 3 }) };
    await expect(all(batches(short, [4], { batchSize: 1 }))).rejects.toThrow(
      'test[4] must be a picture of height * width * channels bytes, but it is 2x1x3 of 3 bytes.',
    );
  });
});

describe('a request out of range', () => {
  let reads = 0;
  const counted = {
    ...dataset,
    read(i: number) {
      reads++;
      return dataset.read(i);
    },
  };
  it.each<[string, unknown, object]>([
    ['indices[1] is 999999, but test has the images 0 to 9.', [0, 999_999], {}],
    ['indices[0] is -1', [-1], {}],
    ['indices[0] is 1.5', [1.5], {}],
    ['indices[2] is NaN', [0, 1, Number.NaN], {}],
    ['indices[0] is 10', Int32Array.of(10), {}],
    ['indices[0] is "0"', ['0'], {}],
    ['indices must name an image of test at least', [], {}],
    ['indices must be an array or a typed array, but it is undefined', undefined, {}],
    ['start must be an integer from 0 to 1, but it is 2', [0], { start: 2 }],
    ['start must be an integer from 0 to 1, but it is 0.5', [0], { start: 0.5 }],
    ['epoch must be an integer >= 0, but it is -1', [0], { epoch: -1 }],
    ['a seed must be an integer, but "1" was given', [0], { seed: '1' }],
    ['batchSize must be an integer >= 1, but it is undefined', [0], { batchSize: undefined }],
    ['maxBadImages must be an integer >= 0, but it is NaN', [0], { maxBadImages: Number.NaN }],
    ['onBadImage must be one of fail, skip, but it is "ignore"', [0], { onBadImage: 'ignore' }],
    ['transform must be a function', [0], { transform: {} }],
    ['an epoch of 1 pictures holds no whole batch of 2', [0], { dropLast: true }],
  ])('%s', async (message, indices, options) => {
    const run = all(batches(counted, indices as number[], { batchSize: 2, ...options }));
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(message);
    expect(reads).toBe(0);
  });

  it('is one without options, or of no dataset', async () => {
    const run = (set: unknown, options: unknown) => all(batches(set as never, [0], options as never));
    await expect(run(dataset, undefined)).rejects.toThrow('the options of batches must be an object');
    await expect(run(null, { batchSize: 1 })).rejects.toThrow(InputError);
    await expect(run({ ...dataset, length: 11 }, { batchSize: 1 })).rejects.toThrow(
      'test must have a label for each of its 11 pictures, but it has 10.',
    );
  });

  it('is not an epoch that is done', async () => {
    expect(await all(batches(dataset, [0, 1], { batchSize: 2, start: 2 }))).toEqual([]);
  });
});

testArguments(
  {
    batches: [
      (set: Dataset, indices: number[], options: BatchesOptions) => all(batches(set, indices, options)),
      { ...dataset },
      [0, 1, 2],
      {
        batchSize: 2,
        transform: compose(),
        seed: 0,
        epoch: 0,
        start: 0,
        dropLast: true,
        workers: 0,
        prefetch: 2,
        onBadImage: 'skip',
        maxBadImages: 1,
        maxPixels: 10,
        orient: false,
      },
    ],
  },
  { isTyped: (error) => error instanceof LongtailError },
);

describe('transforms', () => {
  const picture: Picture = {
    data: Uint8Array.from({ length: 25 }, (_, i) => i + 1),
    height: 5,
    width: 5,
    channels: 1,
  };

  it('padAndCrop moves the picture by at most the padding and fills with zeros', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 4 }), (seed, padding) => {
        const moved = padAndCrop(padding)(picture, random(seed)).data;
        const at = moved.findIndex((value) => value > 0);
        const [dy, dx] = [
          Math.floor((moved[at]! - 1) / 5) - Math.floor(at / 5),
          ((moved[at]! - 1) % 5) - (at % 5),
        ];
        expect(Math.max(Math.abs(dy), Math.abs(dx))).toBeLessThanOrEqual(padding);
        for (let i = 0; i < 25; i++) {
          const [y, x] = [Math.floor(i / 5) + dy, (i % 5) + dx];
          expect(moved[i]).toBe(y >= 0 && y < 5 && x >= 0 && x < 5 ? y * 5 + x + 1 : 0);
        }
      }),
    );
  });

  it('padAndCrop draws every place alike, and flips are halves', () => {
    const seen = new Map<number, number>();
    let flips = 0;
    for (let seed = 0; seed < 4500; seed++) {
      const centre = padAndCrop(1)(picture, random(seed)).data[12]!;
      seen.set(centre, (seen.get(centre) ?? 0) + 1);
      if (horizontalFlip()(picture, random(seed)).data[0] === 5) flips++;
    }
    expect(seen.size).toBe(9);
    for (const count of seen.values()) expect(Math.abs(count - 500)).toBeLessThan(4 * Math.sqrt(500)); // four standard deviations
    expect(Math.abs(flips - 2250)).toBeLessThan(4 * Math.sqrt(1125));
  });
});
