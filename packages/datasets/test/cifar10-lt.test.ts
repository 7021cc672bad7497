import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classCounts, DataError } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';
import { cifar10LT } from '../src/index.ts';

const cache = mkdtempSync(join(tmpdir(), 'longtail-cifar-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

describe('cifar10LT', () => {
  it('reads the archive once, keeps the subset of LDAM, and reads the pack afterwards', async (context) => {
    const data = sharedOrSkip(context, 'data/cifar10');
    const progress: number[] = [];
    const { train, test } = await cifar10LT(data, { cache, onProgress: (done) => progress.push(done) });
    expect(progress.at(-1)).toBe(60_000);
    expect([...classCounts(train.labels)]).toEqual([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]);
    expect([...classCounts(test.labels)]).toEqual(Array(10).fill(1000));
    expect(readdirSync(cache)).toHaveLength(1);

    progress.length = 0;
    const again = await cifar10LT(join(data, 'cifar10-jpg.tar.gz'), {
      cache,
      imbalanceFactor: 10,
      onProgress: (done) => progress.push(done),
    });
    expect(progress).toEqual([]);
    expect(again.train.length).toBe(20431);
    expect(again.test.read(123)).toEqual(test.read(123));

    // A pack that was damaged is made again, by whatever: cut short, or one byte of a picture that is another.
    const pack = join(cache, readdirSync(cache)[0]!);
    truncateSync(pack, 1_000_000);
    const mended = await cifar10LT(data, { cache });
    expect(mended.train.read(12_405)).toEqual(train.read(12_405));
    const whole = readFileSync(pack);
    writeFileSync(pack, whole.with(whole.length >> 1, whole[whole.length >> 1]! ^ 1));
    await cifar10LT(data, { cache });
    expect(readFileSync(pack).equals(whole)).toBe(true);
  });

  it('names what is wrong with the data, and writes nothing', async (context) => {
    const archive = readFileSync(sharedOrSkip(context, 'data/cifar10/cifar10-jpg.tar.gz'));
    const [folder, empty] = [mkdtempSync(join(cache, 'bad-')), join(cache, 'empty')];
    writeFileSync(join(folder, 'cifar10-jpg.tar.gz'), archive.subarray(0, 3_000_000));
    await expect(cifar10LT(folder, { cache: empty })).rejects.toThrow(DataError);
    await expect(cifar10LT(folder, { cache: empty })).rejects.toThrow(
      /whole tar.gz of CIFAR-10 JPEGs in .*cifar10-jpg.tar.gz/,
    );
    writeFileSync(join(folder, 'cifar10-jpg.tar.gz'), 'not an archive');
    await expect(cifar10LT(folder, { cache: empty })).rejects.toThrow(DataError);
    await expect(cifar10LT(empty, { cache: empty })).rejects.toThrow('expected cifar10-jpg.tar.gz in');
    expect(() => readdirSync(empty)).toThrow();
  });
});
