import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classCounts } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { gitBlob, TINY_IMAGENET_LT, tinyImagenet, tinyImagenetLT } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-tiny-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('tinyImagenetLT', () => {
  it('decompresses the archive once, and reads its pictures', async (context) => {
    const [root, cache] = [sharedOrSkip(context, 'data/tiny-imagenet-lt'), join(folder, 'cache')];
    await expect(tinyImagenetLT(root)).rejects.toThrow('unpack it, or name a cache');
    const { train, validation } = await tinyImagenetLT(root, { cache });
    expect(readdirSync(cache)).toHaveLength(1);
    const counts = classCounts(train.labels, { numClasses: 200 });
    expect([train.length, Math.max(...counts), Math.min(...counts)]).toEqual([21_052, 500, 5]);
    expect(validation.classNames[0]).toBe('n01443537');
    for (const [split, set] of Object.entries({ train, validation }))
      expect(await gitBlob(set.list.source)).toBe(TINY_IMAGENET_LT.lists[split as 'train']!.gitBlob);
    for (const i of [0, 10_000, 21_051]) expect((await train.read(i)).height).toBe(64);
    await tinyImagenetLT(root, { cache });
    expect(readdirSync(cache)).toHaveLength(1);

    const cut = join(folder, 'cut');
    mkdirSync(cut);
    await copyFile(join(root, 'tiny_imagenet_lt.tar.gz'), join(cut, 'tiny_imagenet_lt.tar.gz'));
    truncateSync(join(cut, 'tiny_imagenet_lt.tar.gz'), 100_000);
    await expect(tinyImagenetLT(cut, { cache })).rejects.toThrow('unexpected end of file');
    expect(readdirSync(cache)).toHaveLength(1);
  });
});

describe('tinyImagenet', () => {
  it('reads the published folders, for the whole set and for the lists of the long tail', async () => {
    const root = join(folder, 'whole/tiny-imagenet-200');
    for (const path of ['train/n02/images', 'train/n01/images', 'val/images'])
      mkdirSync(join(root, path), { recursive: true });
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#123' } })
      .png()
      .toBuffer();
    for (const path of [
      'train/n02/images/n02_0.JPEG',
      'train/n01/images/n01_0.JPEG',
      'val/images/val_0.JPEG',
    ])
      writeFileSync(join(root, path), png);
    for (const name of ['n01', 'n02']) writeFileSync(join(root, 'train', name, `${name}_boxes.txt`), 'box');
    writeFileSync(join(root, 'val/val_annotations.txt'), 'val_0.JPEG\tn02\t0\t32\t44\t62\n');
    const { train, validation } = await tinyImagenet(join(folder, 'whole'));
    expect([...train.labels, train.classNames]).toEqual([0, 1, ['n01', 'n02']]);
    expect([validation.labels[0], (await validation.read(0)).width]).toEqual([1, 64]);

    const lists = join(folder, 'whole');
    writeFileSync(join(lists, 'tiny_imagenet_lt_train.txt'), 'train/n02/n02_0.JPEG 1\n');
    writeFileSync(join(lists, 'tiny_imagenet_lt_val.txt'), 'val/n02/val_0.JPEG 1\n');
    const tail = await tinyImagenetLT(lists);
    expect([(await tail.train.read(0)).width, (await tail.validation.read(0)).width]).toEqual([64, 64]);

    writeFileSync(join(root, 'val/val_annotations.txt'), 'val_0.JPEG\tn03\n');
    await expect(tinyImagenet(root)).rejects.toThrow(/val_annotations.txt, line 1, but found/);
    symlinkSync('nowhere', join(root, 'train/n03'));
    expect((await tinyImagenet(root).catch((error) => error)).message).toContain('line 1');
  });
});
