import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { classCounts, DataError } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';
import { mnist, mnistLT, readIdx } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-mnist-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function idx(shape: number[], data: Uint8Array, type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  for (const [d, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * d);
  return Buffer.concat([header, data]);
}
const file = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

describe('readIdx', () => {
  it.each([
    [Buffer.alloc(3), 'it has 3 bytes'],
    [idx([2], Uint8Array.of(1, 2), 13), 'its elements are of the type 0xd'],
    [idx([3], Uint8Array.of(1, 2)), 'it has 10 of the 11 bytes'],
    [idx([1], Uint8Array.of(1, 2)), 'it is longer than the 9 bytes'],
    [idx([0xffffffff, 0xffffffff], Uint8Array.of(1)), 'it has 13 of the'],
    [idx([], Uint8Array.of(1)), 'it has 0 dimensions'],
    [Buffer.from('PK\x03\x04 no idx'), 'it does not begin with two zero bytes'],
  ])('refuses %#: %s', async (bytes, message) => {
    const path = file('bad', bytes);
    await expect(readIdx(path)).rejects.toThrow(DataError);
    await expect(readIdx(path)).rejects.toThrow(`in ${path}, but ${message}`);
    await expect(readIdx(file('bad.gz', gzipSync(bytes)))).rejects.toThrow(message);
  });
});

describe('mnist', () => {
  it('reads the official test set, and a long tail in the same format', async (context) => {
    const { train, test } = await mnist(sharedOrSkip(context, 'data/mnist'), { trainPrefix: 'train-lt100' });
    expect([...classCounts(train.labels)]).toEqual([5421, 3249, 1948, 1167, 700, 419, 251, 150, 90, 54]);
    expect([...classCounts(test.labels)]).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const { data, ...size } = await test.read(0);
    expect(size).toEqual({ height: 28, width: 28, channels: 1 });
    expect(data.reduce((sum, value) => sum + value, 0)).toBe(18_454); // computed with NumPy
  });

  it('makes a long tail of a whole set, from the largest count that every class has', async () => {
    mkdirSync(join(folder, 'FashionMNIST/raw'), { recursive: true });
    const labels = Uint8Array.from({ length: 300 }, (_, i) => (i < 20 ? 5 : i % 10));
    for (const part of ['train', 't10k']) {
      file(
        `FashionMNIST/raw/${part}-images-idx3-ubyte`,
        idx(
          [300, 2, 3],
          new Uint8Array(1800).map((_, i) => i / 6),
        ),
      );
      file(`FashionMNIST/raw/${part}-labels-idx1-ubyte`, idx([300], labels));
    }
    const { train, test } = await mnistLT(folder, { name: 'fashion-mnist', imbalanceFactor: 28 });
    expect([...classCounts(train.labels)]).toEqual([28, 19, 13, 9, 6, 4, 3, 2, 1, 1]);
    expect(train.classNames[9]).toBe('Ankle boot');
    expect((await train.read(30)).data[0]).toBe(train.indices[30]! & 255);
    expect(test.length).toBe(300);
    file('FashionMNIST/raw/t10k-labels-idx1-ubyte', idx([300], labels.with(7, 10)));
    await expect(mnist(folder, { name: 'fashion-mnist' })).rejects.toThrow('label 7 is 10');
    file('FashionMNIST/raw/t10k-labels-idx1-ubyte', idx([299], labels.subarray(1)));
    await expect(mnist(folder, { name: 'fashion-mnist' })).rejects.toThrow('they are [300,2,3] and [299]');
    await expect(mnist(folder)).rejects.toThrow('expected train-images-idx3-ubyte or');
  });
});
