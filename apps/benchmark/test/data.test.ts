import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longTail } from '@longtail/datasets';
import { gini } from '@longtail/metrics';
import { shared, sharedOrSkip } from '@longtail/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTyped } from '../src/cli/command-name.ts';
import { type DatasetStatistics, histogram } from '../src/dataset-statistics.ts';
import { block } from '../src/text/dataset-text.ts';
import { CLI, longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A GIF of one pixel of a grey. */
const pixel = (grey: number): Buffer => {
  const gif = Buffer.from('R0lGODdhAQABAIAAAP///////ywAAAAAAQABAAACAkQBADs=', 'base64');
  return gif.fill(grey, 13, 19); // the two colours
};
beforeAll(() => {
  for (const [name, count] of [
    ['ant', 3],
    ['bee', 1],
  ] as const) {
    mkdirSync(join(folder, 'pictures', name), { recursive: true });
    for (let i = 0; i < count; i++)
      writeFileSync(join(folder, 'pictures', name, `${i}.gif`), pixel(10 * name.length + count + i));
  }
});

const statsOf = async (...args: string[]): Promise<DatasetStatistics> => {
  const { code, stdout, stderr } = await longtail(['data', 'stats', ...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return JSON.parse(stdout);
};

describe('longtail data stats', () => {
  it('has the published Gini and groups of Places-LT, and draws it', async (context) => {
    const data = sharedOrSkip(context, 'data/places-lt');
    const svg = join(folder, 'places.svg');
    const { splits, groups, numClasses } = await statsOf('places-lt', '--data', data, '--svg', svg);
    expect(splits.train!.gini.toFixed(4)).toBe('0.6716');
    expect(splits.train!.imbalanceFactor).toBe(996);
    expect([numClasses, groups]).toEqual([365, { rule: 'official', many: 131, medium: 163, few: 71 }]);
    expect(readFileSync(svg, 'utf8')).toMatch(
      /^<svg xmlns[^>]*aria-label="Training pictures of 365 classes.*<\/svg>\n$/s,
    );
    const oltr = await longtail(['data', 'stats', 'places-lt', '--data', data, '--groups', 'oltr']);
    expect(oltr.stdout).toContain('many / medium / few classes: 132 / 156 / 77 (rule oltr)');
  });

  it('has the published Gini of ImageNet-LT and CIFAR-100-LT', async (context) => {
    const counts = readFileSync(
      sharedOrSkip(context, 'data/imagenet-lt/ImageNet_LT_train_counts.json'),
      'utf8',
    );
    expect(gini(JSON.parse(counts)).toFixed(4)).toBe('0.5245');
    expect(gini(longTail({ numClasses: 100, largest: 500, imbalanceFactor: 100 })).toFixed(4)).toBe('0.5919');
  });

  it('reads a list of the exact shape of ImageNet-LT, and says what is not as published', async (context) => {
    const counts: number[] = JSON.parse(
      readFileSync(sharedOrSkip(context, 'data/imagenet-lt/ImageNet_LT_train_counts.json'), 'utf8'),
    );
    const lists = join(folder, 'imagenet');
    mkdirSync(lists);
    const lines = counts.flatMap((n, c) =>
      Array.from({ length: n }, (_, i) => `train/n${c}/${i}.JPEG ${c}\n`),
    );
    writeFileSync(join(lists, 'ImageNet_LT_train.txt'), lines.join(''));
    const found = await statsOf('imagenet-lt', '--data', folder, '--lists', lists);
    expect(found.splits.train).toEqual({
      pictures: 115_846,
      largest: 1280,
      smallest: 5,
      emptyClasses: 0,
      imbalanceFactor: 256,
      gini: expect.closeTo(0.5245, 4),
    });
    expect(found.groups).toMatchObject({ many: 385, medium: 479, few: 136 });
    writeFileSync(join(lists, 'ImageNet_LT_test.txt'), 'val/a.JPEG 0\nval/b.JPEG 999\n');
    rmSync(join(lists, 'ImageNet_LT_train.txt'));
    const args = ['imagenet-lt', '--data', folder, '--lists', lists];
    const without = await statsOf(...args);
    expect(without).toMatchObject({ groups: null, histogram: null, trainCounts: null });
    expect(without.notes[0]).toContain('there is no training split here, so no groups');
    const text = await longtail(['data', 'stats', ...args]);
    expect(text.stdout).toContain('note: there is no training split here');
    expect(text.stdout).not.toContain('many / medium / few');
    const svg = await longtail(['data', 'stats', ...args, '--svg', join(folder, 'none.svg')]);
    expect([svg.code, svg.stderr]).toEqual([1, expect.stringContaining('but there is no training split')]);
    writeFileSync(join(lists, 'ImageNet_LT_train.txt'), lines.join(''));
    rmSync(join(lists, 'ImageNet_LT_test.txt'));
    const missing = await longtail(['data', 'verify', 'imagenet-lt', '--data', lists, '--json']);
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout).problems).toMatchObject({ total: 1, byKind: { list: 1 } });
    expect(missing.stderr).toMatch(/imagenet-lt in .* has 1 problem; mend the first, then verify again\.\n$/);
  });

  it('cuts a tail, and prints the hash of its subset', async () => {
    const data = join(folder, 'mnist');
    mkdirSync(data);
    for (const part of ['train', 't10k']) {
      const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 10);
      const idx = (dimensions: number[]) =>
        Uint8Array.of(
          0,
          0,
          8,
          dimensions.length,
          ...dimensions.flatMap((size) => [0, 0, 0, size]),
          ...labels,
        );
      writeFileSync(join(data, `${part}-labels-idx1-ubyte`), idx([100]));
      writeFileSync(join(data, `${part}-images-idx3-ubyte`), idx([100, 1, 1]));
    }
    const { stdout, code } = await longtail([
      'data',
      'stats',
      'mnist-lt',
      '--data',
      data,
      '--imbalance-factor',
      '10',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/training subset: SHA-256 [0-9a-f]{64}/);
    expect(stdout).toMatch(
      /train +test\n─+\npictures +36 +100\nlargest class +10 +10\nsmallest class +1 +10\n/,
    );
  });

  it('draws blocks to an eighth, and never nothing for something', () => {
    expect([0, 0.001, 0.5, 1].map((fraction) => block(fraction, { width: 4 }))).toEqual([
      '',
      '▏',
      '██',
      '████',
    ]);
    expect(histogram([0, 1, 3, 19, 20, 150])).toEqual([
      { from: 1, to: 1, classes: 1, pictures: 1 },
      { from: 2, to: 4, classes: 1, pictures: 3 },
      { from: 5, to: 9, classes: 0, pictures: 0 },
      { from: 10, to: 19, classes: 1, pictures: 19 },
      { from: 20, to: 49, classes: 1, pictures: 20 },
      { from: 50, to: 100, classes: 0, pictures: 0 },
      { from: 101, to: 199, classes: 1, pictures: 150 },
    ]);
  });
});

describe('longtail data verify', () => {
  it('ends with 0 and the next command for a whole folder', async () => {
    const data = join(folder, 'pictures');
    const { code, stdout } = await longtail(['data', 'verify', 'folder', '--data', data, '--decode']);
    expect([code, stdout]).toEqual([
      0,
      asTyped(
        `folder in ${data}: 4 train pictures, decoded\nno problem\nnext: longtail data stats folder --data ${data}\n`,
      ),
    ]);
  });

  it('tells what it leaves out, and what is in a folder twice', async () => {
    const data = join(folder, 'twice');
    for (const path of ['train/ant/.cache', 'train/bee', 'test/ant'])
      mkdirSync(join(data, path), { recursive: true });
    for (const [path, grey] of [
      ['train/ant/1.gif', 1],
      ['train/bee/1.gif', 2],
      ['test/ant/1.gif', 3],
    ] as const)
      writeFileSync(join(data, path), pixel(grey));
    const args = ['folder', '--data', data];
    const whole = await longtail(['data', 'verify', ...args]);
    expect([whole.code, whole.stdout]).toEqual([
      0,
      asTyped(`folder in ${data}: 2 train, 1 test pictures, looked at
notes: 1 left out, 1 classes; the first of them:
  left out: left out of train: 1 hidden; the first of them: ant/.cache.
  classes: test has no picture of 1 class: bee.
no problem
next: longtail data stats folder --data ${data}
`),
    ]);
    expect((await longtail(['data', 'stats', ...args])).stdout).toContain(
      'note: test has no picture of 1 class: bee.',
    );
    writeFileSync(join(data, 'test/ant/1.gif'), pixel(2));
    const leaking = await longtail(['data', 'verify', ...args]);
    expect([leaking.code, leaking.stdout]).toEqual([1, expect.stringContaining('hold the same bytes')]);
    expect(leaking.stdout).toContain(
      `${join(data, 'train/bee/1.gif')} (train, bee) and ${join(data, 'test/ant/1.gif')} (test, ant)`,
    );
    expect(leaking.stdout).not.toContain('remove');
  });

  it('ends with 1 and the first problems for a damaged list, in words or as JSON', async () => {
    const list = join(folder, 'list.txt');
    writeFileSync(list, Array.from({ length: 12 }, (_, i) => `ant/${i}.gif 0\n`).join(''));
    const args = ['data', 'verify', list, '--data', join(folder, 'pictures')];
    const text = await longtail(args);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain('problems: 9 picture; the first of them:');
    expect(text.stdout).toContain(`ant/3.gif (${list}, line 4), but it is not there`);
    expect(text.stderr).toContain('has 9 problems; mend the first, then verify again.');
    const json = await longtail([...args, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ pictures: { train: 12 }, problems: { total: 9 } });
    writeFileSync(list, 'ant/0.gif\n');
    const bad = await longtail(args);
    expect([bad.code, bad.stdout]).toEqual([1, expect.stringContaining('expected "path label" in')]);
    expect(bad.stdout).toContain('line 1');
  });

  it('takes a module, CSV, and val/ and test/ folders', async () => {
    const [module, csv] = [join(folder, 'set.ts'), join(folder, 'set.csv')];
    writeFileSync(
      module,
      `export default { summary: '', open: async ({ data }) => ({ splits: { test: {
        name: data, length: 2, labels: Int32Array.of(0, 2), classNames: ['a', 'b', 'c'], read: () => {} } } }) };`,
    );
    expect((await statsOf(module, '--data', folder)).splits.test).toMatchObject({
      pictures: 2,
      emptyClasses: 1,
    });
    writeFileSync(csv, 'path,label\nant/0.gif,ant\nbee/0.gif,bee\n');
    expect((await statsOf(csv, '--data', folder)).classNames).toEqual(['ant', 'bee']);
    for (const part of ['train', 'val']) {
      mkdirSync(join(folder, 'parts', part, 'ant'), { recursive: true });
      writeFileSync(join(folder, 'parts', part, 'ant/1.gif'), pixel(part.length));
    }
    const { splits } = await statsOf('folder', '--data', join(folder, 'parts'));
    expect(Object.keys(splits)).toEqual(['train', 'validation']);
    mkdirSync(join(folder, 'parts/validation'));
    const both = await longtail(['data', 'stats', 'folder', '--data', join(folder, 'parts')]);
    expect([both.code, both.stderr]).toEqual([
      1,
      expect.stringContaining('there are both val and validation'),
    ]);
  });

  it('ends with 2 for wrong usage', async () => {
    for (const [args, message] of [
      [['imagenet', '--data', '.'], 'a data set is one of imagenet-lt, places-lt'],
      [['places-lt'], "required option '--data <folder>' not specified"],
      [
        ['places-lt', '--data', '.', '--imbalance-factor', '50'],
        'are for cifar-10-lt, cifar-100-lt, mnist-lt',
      ],
      ...['0.5', 'Infinity', '1e999', 'NaN', ''].map(
        (factor) =>
          [
            ['cifar-10-lt', '--data', '.', '--imbalance-factor', factor],
            `takes a number >= 1, but got "${factor}"`,
          ] as const,
      ),
      [
        ['cifar-10-lt', '--data', '.', '--subset-seed', '1'],
        '--subset-seed is of --draw seeded, but the draw is ldam',
      ],
      [
        ['mnist-lt', '--data', '.', '--draw', 'ldam', '--subset-seed', '0'],
        '--subset-seed is of --draw seeded, but the draw is ldam',
      ],
      [['mnist-lt', '--data', '.', '--draw', 'seeded', '--subset-seed', ''], 'takes an integer, but got ""'],
      [['cifar-10-lt', '--data', '.', '--profile', 'flat'], 'Allowed choices are exponential, step, pareto'],
    ] as const) {
      const { code, stderr, stdout } = await longtail(['data', 'verify', ...args]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(message);
    }
    const help = await longtail(['data', 'stats', '--help']);
    expect([help.code, help.stdout]).toEqual([0, expect.stringContaining('Examples:')]);
  });

  it('stops at a signal with 75', async (context) => {
    sharedOrSkip(context, 'data/places-lt');
    const args = ['data', 'verify', 'places-lt', '--data', shared('data/places-lt')];
    const child = spawn(process.execPath, [CLI, ...args]);
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
      if (!child.killed && /verifying/.test(stderr)) child.kill('SIGINT');
    });
    const [code] = await once(child, 'exit');
    expect([code, stderr]).toEqual([75, expect.stringContaining('stopped by SIGINT')]);
  });
});
