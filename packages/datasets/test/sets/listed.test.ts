import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classCounts } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import {
  CIFAR_LT,
  gitBlob,
  IMAGENET_LT,
  INATURALIST_2018,
  imagenetLT,
  inaturalist2018,
  listedSplits,
  longTail,
  MNIST_LT,
  PLACES_LT,
  type Published,
  placesLT,
} from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-sets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function expectPublished({ classCounts: published, numClasses }: Published, counts: ArrayLike<number>) {
  const all = Array.from(counts);
  expect(all.length).toBe(numClasses);
  expect(all.reduce((a, b) => a + b)).toBe(published.total);
  expect([Math.max(...all), Math.min(...all)]).toEqual([published.largest, published.smallest]);
  const [many, few] = [all.filter((n) => n > 100).length, all.filter((n) => n < 20).length];
  expect({ many, medium: numClasses - many - few, few }).toEqual(published.groups);
  expect(createHash('sha256').update(all.join(',')).digest('hex')).toBe(published.sha256);
}

/** The last column of a table with a header line. */
const lastColumn = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split('\t').at(-1)));

describe('CIFAR_LT and MNIST_LT', () => {
  it('is the exponential tail of factor 100', () => {
    expectPublished(CIFAR_LT['cifar-10'], longTail({ numClasses: 10, largest: 5000, imbalanceFactor: 100 }));
    expectPublished(CIFAR_LT['cifar-100'], longTail({ numClasses: 100, largest: 500, imbalanceFactor: 100 }));
    expectPublished(MNIST_LT.mnist, longTail({ numClasses: 10, largest: 5421, imbalanceFactor: 100 }));
    expectPublished(
      MNIST_LT['fashion-mnist'],
      longTail({ numClasses: 10, largest: 6000, imbalanceFactor: 100 }),
    );
  });
});

describe('placesLT', () => {
  it('has the published lists, counts and names', async (context) => {
    const root = sharedOrSkip(context, 'data/places-lt');
    const sets = await placesLT(root);
    for (const split of ['train', 'validation', 'test'] as const) {
      const { lines, gitBlob: blob } = PLACES_LT.lists[split]!;
      expect(sets[split].length).toBe(lines);
      expect(await gitBlob(sets[split].list.source)).toBe(blob);
    }
    expectPublished(PLACES_LT, classCounts(sets.train.labels, { numClasses: 365 }));
    expect(new Set(classCounts(sets.test.labels))).toEqual(new Set([100]));
    expect([0, 56, 364].map((c) => sets.test.classNames[c])).toEqual([
      'airfield',
      'biology_laboratory',
      'zen_garden',
    ]);
    expect(() => sets.train.file(0)).toThrow(
      /train\/airfield\/00004851\.jpg .*line 1\), but it is not there/,
    );
  });

  it('finds pictures of either layout by lists of either layout', async () => {
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#123' } })
      .png()
      .toBuffer();
    const files = {
      easy: ['train/bow_window-indoor/1.jpg', 'val/bow_window-indoor/2.jpg'],
      spread: ['data_256/b/bow_window/indoor/1.jpg', 'val_256/2.jpg'],
    };
    for (const [disk, paths] of Object.entries(files))
      for (const path of paths) {
        mkdirSync(join(folder, disk, path, '..'), { recursive: true });
        writeFileSync(join(folder, disk, path), png);
      }
    for (const [layout, [train, val]] of Object.entries(files)) {
      const lists = join(folder, `lists-${layout}`);
      mkdirSync(lists);
      writeFileSync(join(lists, 'Places_LT_train.txt'), `${train} 57\n`);
      writeFileSync(join(lists, 'Places_LT_test.txt'), `${val} 57\n`);
      for (const disk of ['easy', 'spread']) {
        const sets = await placesLT(join(folder, disk), { lists, splits: ['train', 'test'] });
        expect(sets.train.classNames[57]).toBe('bow_window-indoor');
        expect((await sets.train.read(0)).width).toBe(2);
        expect((await sets.test.read(0)).width).toBe(2);
      }
    }
  });
});

describe('imagenetLT', () => {
  it('has the published counts and lists', async (context) => {
    const root = sharedOrSkip(context, 'data/imagenet-lt');
    expectPublished(IMAGENET_LT, lastColumn(join(root, 'ImageNet_LT_train_counts.tsv')));
    const { validation, test } = await imagenetLT(root, { splits: ['validation', 'test'] });
    expect([validation.length, test.length]).toEqual([20_000, 50_000]);
    expect(test.classNames[0]).toBe('n01440764');
    expect(test.list.path(0)).toBe('val/n01440764/ILSVRC2012_val_00029930.JPEG');
    for (const [split, set] of Object.entries({ validation, test }))
      expect(await gitBlob(set.list.source)).toBe(IMAGENET_LT.lists[split as 'test']!.gitBlob);
    await expect(imagenetLT(root)).rejects.toThrow(
      /the train list of imagenet-lt, .*ImageNet_LT_train.txt or .* is not there/,
    );
    expect(listedSplits(IMAGENET_LT, { root })).toEqual(['validation', 'test']);
    const partial = await imagenetLT(root, {
      splits: ['train'],
      lists: { train: 'ImageNet_LT_train_partial.txt' },
    });
    expect(partial.train.length).toBe(16_274);
  });
});

describe('inaturalist2018', () => {
  it('has the published counts, list and species', async (context) => {
    const root = sharedOrSkip(context, 'data/inat18');
    expectPublished(INATURALIST_2018, lastColumn(join(root, 'iNaturalist18_train_counts.tsv')));
    const { validation } = await inaturalist2018(root, { splits: ['validation'] });
    expect(validation.length).toBe(24_426);
    expect(validation.classNames[0]).toBe('Hermodice carunculata');
    expect(new Set(classCounts(validation.labels))).toEqual(new Set([3]));
    expect(await gitBlob(validation.list.source)).toBe(INATURALIST_2018.lists.validation!.gitBlob);
  });

  it("reads the competition's own JSON", async () => {
    const json = (names: string[]) => ({
      info: { images: [{ id: 'not these' }] },
      annotations: names.map((_, i) => ({ id: i, image_id: names.length - i, category_id: i + 5 })),
      images: names.map((name, i) => ({ id: i + 1, file_name: `train_val2018/Aves/${i}/${name}` })),
      categories: [{ id: 5, name: 'Larus argentatus', supercategory: 'Aves' }],
    });
    writeFileSync(join(folder, 'train2018.json'), JSON.stringify(json(['a.jpg', 'b.jpg', 'ü.jpg'])));
    writeFileSync(join(folder, 'val2018.json'), JSON.stringify(json(['d.jpg']), null, 2));
    const { train, validation } = await inaturalist2018(folder);
    expect([0, 1, 2].map((i) => [train.list.path(i), train.labels[i]])).toEqual([
      ['train_val2018/Aves/2/ü.jpg', 5],
      ['train_val2018/Aves/1/b.jpg', 6],
      ['train_val2018/Aves/0/a.jpg', 7],
    ]);
    expect([validation.length, train.classNames[5], train.classNames[6], train.classNames[9]]).toEqual([
      1,
      'Larus argentatus',
      'Aves/1',
      '9',
    ]);
    expect(() => train.file(1)).toThrow('annotations[1]');
    const other = { ...json(['d.jpg']), categories: [{ id: 5, name: 'Aix sponsa' }] };
    writeFileSync(join(folder, 'val2018.json'), JSON.stringify(other));
    await expect(inaturalist2018(folder)).rejects.toThrow(
      `expected category 5 of ${join(folder, 'val2018.json')} to be Larus argentatus, as in the training list, but it is Aix sponsa`,
    );
  });
});
