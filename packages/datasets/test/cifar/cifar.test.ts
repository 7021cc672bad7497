import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classCounts, DataError } from '@longtail/core';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binaryBatch, pythonBatch } from '../../src/cifar/batch.ts';
import { CIFAR_CLASSES, cifar, cifar10LT, cifarLT } from '../../src/index.ts';

const golden = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, '../golden/cifar', name));
const folder = mkdtempSync(join(tmpdir(), 'longtail-cifar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a batch of CIFAR', () => {
  const pixels = JSON.parse(golden('pixels.json').toString()) as Record<string, number[][]>;
  it.each([
    ['ten.bin', binaryBatch, 10, [9, 0, 4]],
    ['ten_py2.pickle', pythonBatch, 10, [9, 0, 4]],
    ['ten_py3.pickle', pythonBatch, 10, [9, 0, 4]],
    ['hundred.bin', binaryBatch, 100, [99, 0, 42]],
    ['hundred_py2.pickle', pythonBatch, 100, [99, 0, 42]],
    ['hundred_py3.pickle', pythonBatch, 100, [99, 0, 42]],
  ] as const)(
    '%s has the fine labels and planes that NumPy wrote',
    async (name, read, numClasses, labels) => {
      const batch = await read(golden(name), { source: name, numClasses });
      expect([...batch.labels]).toEqual(labels);
      const at = (picture: number, pixel: number) =>
        [0, 1, 2].map((c) => batch.bytes[batch.start + picture * batch.stride + c * 1024 + pixel]);
      expect([0, 1, 2].map((i) => at(i, 0))).toEqual(pixels.first);
      expect([0, 1, 2].map((i) => at(i, 5 * 32 + 17))).toEqual(pixels.inner);
      expect([0, 1, 2].map((i) => at(i, 1023))).toEqual(pixels.last);
    },
  );

  it('is refused by what is wrong with it', async () => {
    const [options, ten] = [{ source: 'x.bin', numClasses: 10 }, golden('ten.bin')];
    expect(() => binaryBatch(ten.subarray(1), options)).toThrow(
      'records of 3073 bytes in x.bin, but it has 9218',
    );
    expect(() => binaryBatch(new Uint8Array(0), options)).toThrow(DataError);
    const wrong = ten.slice();
    wrong[3073] = 10;
    expect(() => binaryBatch(wrong, options)).toThrow('picture 1 has 10');
    await expect(pythonBatch(golden('hundred_py2.pickle'), options)).rejects.toThrow(
      'expected an array "labels"',
    );
    await expect(pythonBatch(ten, options)).rejects.toThrow(DataError);
  });
});

describe('cifar', () => {
  /** Files of the published size; picture i is filled with i, and has the label i % 10. */
  beforeAll(() => {
    const inside = join(folder, 'cifar-10-batches-bin');
    mkdirSync(inside);
    const batch = Buffer.alloc(10_000 * 3073);
    for (let i = 0; i < 10_000; i++) batch.fill(i, i * 3073, (i + 1) * 3073).writeUInt8(i % 10, i * 3073);
    for (const name of ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'])
      writeFileSync(join(inside, `${name}.bin`), batch);
    writeFileSync(join(inside, 'test_batch.bin'), batch);
  });

  it('is read from the folder or the archive, whole or long-tailed', async () => {
    const whole = await cifar('cifar-10', folder);
    expect([whole.train.length, whole.test.length]).toEqual([50_000, 10_000]);
    const { data } = await whole.train.read(20_003);
    expect([data.length, ...new Set(data)]).toEqual([3072, 3]);
    expect(whole.train.classNames[whole.train.labels[20_003]!]).toBe('cat');

    mkdirSync(join(folder, 'packed'));
    const archive = join(folder, 'packed/cifar-10-binary.tar.gz');
    await create({ file: archive, gzip: { level: 1 }, cwd: folder }, ['cifar-10-batches-bin']);
    const lt = await cifarLT('cifar-10', archive, { imbalanceFactor: 100 });
    expect([...classCounts(lt.train.labels)]).toEqual([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]);
    expect(lt.train.hash).toBe('79bed076bc9816e878e58322d03dc7150b102956ead31e2d14a1888dceac4c11');
    for (const i of [0, 5000, 12_405]) {
      expect(lt.train.labels[i]).toBe(lt.train.indices[i]! % 10);
      expect(new Set((await lt.train.read(i)).data)).toEqual(
        new Set([(lt.train.indices[i]! % 10_000) & 255]),
      );
    }
    const options = { cache: folder, draw: 'seeded', seed: 3, reversed: true } as const;
    const seeded = await cifar10LT(join(folder, 'packed'), options);
    expect(classCounts(seeded.train.labels)).toEqual(classCounts(lt.train.labels).reverse());

    truncateSync(archive, 100_000);
    await expect(cifar('cifar-10', archive)).rejects.toThrow(
      /whole tar.gz of CIFAR in .*cifar-10-binary.tar.gz/,
    );
  });

  it('names what is missing or of another length', async () => {
    const inside = join(folder, 'cifar-10-batches-bin');
    truncateSync(join(inside, 'test_batch.bin'), 9_999 * 3073);
    await expect(cifar('cifar-10', inside)).rejects.toThrow('10000 test pictures of cifar-10 in');
    rmSync(join(inside, 'data_batch_4.bin'));
    await expect(cifar('cifar-10', folder)).rejects.toThrow(/expected data_batch_4.bin in .*batches-bin/);
    await expect(cifar('cifar-100', folder)).rejects.toThrow('cifar-100-binary.tar.gz or cifar-100-binary/');
    expect(new Set(CIFAR_CLASSES['cifar-100']).size).toBe(100);
    expect(CIFAR_CLASSES['cifar-100']).toEqual([...CIFAR_CLASSES['cifar-100']].sort());
  });
});
