import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { imageFolder, openPack } from '@longtail/datasets';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataPackCommand } from '../src/cli/data-pack.ts';

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
});
