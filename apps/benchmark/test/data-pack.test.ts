import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { imageFolder, openPack, packDataset } from '@longtail/datasets';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataPackCommand } from '../src/cli/data-pack.ts';
import { findDataset } from '../src/datasets.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'longtail-data-pack-'));
  for (const [i, name] of ['cat', 'dog'].entries()) {
    await mkdir(join(root, 'data', name), { recursive: true });
    const picture = { width: 30 + i, height: 40, channels: 3, data: new Uint8Array((30 + i) * 40 * 3) };
    await writeFile(join(root, 'data', name, '0.png'), encode(picture));
  }
});
afterAll(() => rm(root, { recursive: true }));

const run = (...args: string[]) =>
  dataPackCommand({
    signal: new AbortController().signal,
    open: async (_, { data }) => ({ splits: { train: await imageFolder(data) } }),
  }).parseAsync(['folder', '--data', join(root, 'data'), '--out', join(root, 'packs'), ...args], {
    from: 'user',
  });

describe('longtail data pack', () => {
  it('packs each split in a folder of its name', async () => {
    await run('--size', '20');
    const packed = await openPack(join(root, 'packs', 'train'));
    expect([...packed.labels]).toEqual([0, 1]);
    expect(packed.classNames).toEqual(['cat', 'dog']);
    expect(await packed.read(0)).toMatchObject({ height: 26, width: 20 });
  });

  it('names what is wrong with a flag', async () => {
    await expect(run('--size', 'big')).rejects.toThrow(UsageError);
    await expect(run('--split', 'test')).rejects.toThrow('--split takes train, but got "test"');
  });

  it('is opened by its name, its labels by the class names of train', async () => {
    await run('--size', '20');
    const entry = await findDataset('pack');
    const where = { data: join(root, 'packs'), cache: root };
    const { splits } = await entry.open(where);
    expect(splits.train!.length).toBe(2);
    const dogs = await imageFolder(join(root, 'data'));
    const test = (name: string) => ({
      ...dogs,
      length: 1,
      labels: Int32Array.of(0),
      classNames: [name],
      file: () => dogs.file(1),
    });
    await packDataset(test('dog'), { out: join(root, 'packs/test') });
    expect([...(await entry.open(where)).splits.test!.labels]).toEqual([1]);
    await packDataset(test('zebra'), { out: join(root, 'packs/test') });
    await expect(entry.open(where)).rejects.toThrow(
      `expected the training set's 2 classes in ${join(root, 'packs/test')}, but there are pictures of "zebra"`,
    );
  });

  it('leaves out what cannot be read when asked to, and its label', async () => {
    const data = join(root, 'bad');
    for (const name of ['cat', 'dog']) await mkdir(join(data, name), { recursive: true });
    const picture = { width: 3, height: 4, channels: 3, data: new Uint8Array(3 * 4 * 3) };
    for (const path of ['cat/0.png', 'dog/1.png']) await writeFile(join(data, path), encode(picture));
    await writeFile(join(data, 'cat/1.png'), 'no picture');
    await writeFile(join(data, 'dog/0.png'), 'no picture');
    await run('--skip-bad', '--data', data, '--out', join(root, 'skipped'));
    const { labels, length } = await openPack(join(root, 'skipped/train'));
    expect([length, [...labels]]).toEqual([2, [0, 1]]);
  });
});
