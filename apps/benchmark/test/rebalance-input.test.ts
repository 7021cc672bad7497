/** What comes in by `longtail rebalance`: every way to say parts and labels, and every way to get them wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeCsv, encodeNpy, encodeParquet, encodeSafetensors, type NamedArray } from '@longtail/formats';
import { drawn } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';
import { knownClasses } from '../src/rebalance/known-classes.ts';
import { type PartFlags, readParts } from '../src/rebalance/read-parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-parts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const matrix = (rows: number, dim = 3) => ({
  shape: [rows, dim],
  data: drawn(`rows ${rows}`, rows * dim, [-1, 1]),
});
const npy = (name: string, rows: number, dim = 3): string => written(name, encodeNpy(matrix(rows, dim)));
const numbers = (name: string, labels: readonly number[]): string =>
  written(name, encodeNpy({ shape: [labels.length], data: BigInt64Array.from(labels, BigInt) }));
const known = async (path: string, flags: PartFlags) => knownClasses(await readParts(path, flags));
const sizes = ({ train, validation, test }: Awaited<ReturnType<typeof known>>) =>
  [train, validation, test].map((part) => part?.labels.length);

describe('parts', () => {
  it('of four files', async () => {
    const found = await known(npy('a.npy', 4), {
      labels: numbers('a-labels.npy', [0, 2, 2, 0]),
      test: npy('b.npy', 2),
      testLabels: numbers('b-labels.npy', [2, 0]),
    });
    expect(sizes(found)).toEqual([4, undefined, 2]);
    expect(found).toMatchObject({ classNames: ['0', '2'], absent: ['1'] });
    expect([...found.counts, ...found.train.labels, ...found.test!.labels]).toEqual([2, 2, 0, 1, 1, 0, 1, 0]);
  });

  it('of a table with a split column, labels as names in a column of any name', async () => {
    const columns = {
      x: matrix(6),
      bird: ['wren', 'auk', 'auk', 'wren', 'auk', 'wren'],
      split: ['train', 'Train', 'test', 'val', 'train', 'training'],
    };
    for (const path of [written('t.parquet', encodeParquet(columns)), written('t.csv', encodeCsv(columns))]) {
      const found = await known(path, { labels: 'bird' });
      expect(sizes(found)).toEqual([4, 1, 1]);
      expect(found.classNames).toEqual(['auk', 'wren']);
      expect([...found.train.labels, ...found.train.places]).toEqual([1, 0, 0, 1, 0, 1, 4, 5]);
    }
  });

  it('of the one file that extract writes', async () => {
    const labels = (...all: number[]) => ({ shape: [all.length], data: Int32Array.from(all) });
    const path = written(
      'extracted.safetensors',
      encodeSafetensors(
        new Map<string, NamedArray>([
          ['train.features', matrix(3)],
          ['train.labels', labels(0, 1, 1)],
          ['test.features', matrix(2)],
          ['test.labels', labels(1, 0)],
        ]),
      ),
    );
    expect(sizes(await known(path, {}))).toEqual([3, undefined, 2]);
    for (const flags of [{ labels: 'train.labels' }, { splitColumn: 'split' }])
      await expect(readParts(path, flags)).rejects.toThrow(/leave out --labels and --split-column/);
  });
});

describe('a second file', () => {
  const csv = (name: string, columns: Record<string, readonly number[] | string[]>): string =>
    written(
      name,
      [
        Object.keys(columns).join(','),
        ...Object.values(columns)[0]!.map((_, i) => Object.values(columns).map((all) => all[i])),
      ].join('\n'),
    );
  const train = () => csv('names.csv', { a: [1, 2, 5], b: [3, 4, 5], label: ['wren', 'auk', 'auk'] });

  it('has its columns in the order of the training rows', async () => {
    const test = csv('turned.csv', { label: ['auk'], b: [7], a: [9] });
    expect([...(await known(train(), { test })).test!.values]).toEqual([9, 7]);
    const renamed = csv('renamed.csv', { label: ['auk'], b: [7], c: [9] });
    await expect(readParts(train(), { test: renamed })).rejects.toThrow(
      /renamed\.csv: expected a column "a", but the columns are "label", "b", "c"/,
    );
  });

  it('of names beside one of numbers is refused, either way', async () => {
    const test = csv('numbers.csv', { a: [9], b: [7], label: [0] });
    await expect(readParts(train(), { test })).rejects.toThrow(
      /those of .*names\.csv are names and those of .*numbers\.csv numbers; write both/,
    );
    await expect(readParts(test, { test: train() })).rejects.toThrow(
      /numbers\.csv are numbers and those of .*names\.csv names/,
    );
  });

  it('takes the place of the test rows of a split column, which are not fitted', async () => {
    const columns = { a: [1, 2, 5, 8], b: [3, 4, 5, 8], label: ['wren', 'auk', 'auk', 'auk'] };
    const path = csv('own-split.csv', { ...columns, split: ['train', 'train', 'val', 'test'] });
    const found = await known(path, { test: csv('other.csv', { a: [9], b: [7], label: ['auk'] }) });
    expect(sizes(found)).toEqual([2, 1, 1]);
    expect([...found.test!.values]).toEqual([9, 7]);
    expect(found.notes.join(' ')).toMatch(/left out because of --test: 1\./);
  });
});

it('labels that say that nothing is there are noted, in a file of their own, too', async () => {
  const x = npy('three.npy', 3);
  const file = written('na.csv', 'label\nNA\nauk\nNA\n');
  expect((await known(x, { labels: file })).notes.join(' ')).toMatch(
    /na\.csv: the label "NA" of 2 rows was taken as a class\./,
  );
  const table = written('with-na.csv', 'a,label\n1,NA\n2,auk\n');
  expect((await known(table, {})).notes).toEqual([
    'with-na.csv: the label "NA" of 1 row was taken as a class.',
  ]);
});

it('parts of one file number names alike, where test rows lack some', async () => {
  const path = fileURLToPath(new URL('golden/parts-of-names.npz', import.meta.url));
  const found = await known(path, {});
  expect(found.classNames).toEqual(['auk', 'tit', 'wren']);
  expect([...found.test!.labels]).toEqual([1, 2]);
});

it('a split of fewer rows than there are features is refused', async () => {
  const path = fileURLToPath(new URL('golden/short-split.npz', import.meta.url));
  await expect(readParts(path, {})).rejects.toThrow(
    /expected a split for each of the 4 rows of .*short-split\.npz, but there are 3; give one a row/,
  );
});

describe('is refused in a sentence:', () => {
  const table = (columns: Record<string, string[]>, name: string): string =>
    written(name, encodeCsv({ x: matrix(Object.values(columns)[0]!.length), ...columns }));

  it.each<[string, () => [string, PartFlags], RegExp]>([
    [
      'no labels',
      () => [npy('none.npy', 4), {}],
      /expected labels with the features of .*none\.npy, but there are none.*--labels/,
    ],
    [
      'no file of labels',
      () => [npy('none.npy', 4), { labels: 'lables.npy' }],
      /expected labels in lables\.npy, but there is no such file/,
    ],
    [
      'labels of another length',
      () => [npy('four.npy', 4), { labels: numbers('three.npy', [0, 1, 1]) }],
      /expected a label for each of the 4 rows of .*four\.npy, but .*three\.npy holds 3/,
    ],
    [
      'names in test that train lacks',
      () => [
        table({ label: ['auk', 'wren'] }, 'known.csv'),
        { test: table({ label: ['auk', 'yak'] }, 'yak.csv') },
      ],
      /yak\.csv: expected one of the training set's 2 classes, but at line 3 the column "label" holds "yak"/,
    ],
    [
      'numbers in test that train lacks',
      () => [
        npy('four.npy', 4),
        {
          labels: numbers('l4.npy', [0, 1, 1, 0]),
          test: npy('two.npy', 2),
          testLabels: numbers('l2.npy', [0, 7]),
        },
      ],
      /row 1 \(from 0\) of .*two\.npy is of the class "7", which has none/,
    ],
    [
      'another width in test',
      () => [
        npy('four.npy', 4),
        {
          labels: numbers('l4.npy', [0, 1, 1, 0]),
          test: npy('wide.npy', 2, 5),
          testLabels: numbers('l2b.npy', [0, 1]),
        },
      ],
      /those of .*four\.npy have 3 numbers and those of .*wide\.npy 5/,
    ],
    [
      'an empty test part',
      () => [table({ label: ['a', 'b'], split: ['train', 'train'] }, 'no-test.csv'), {}],
      /expected rows of test in the split column/,
    ],
    [
      'an empty test file',
      () => [npy('four.npy', 4), { labels: numbers('l4.npy', [0, 1, 1, 0]), test: npy('empty.npy', 0) }],
      /empty\.npy: expected features as numbers \[n, dim\]/,
    ],
    [
      'an unknown split',
      () => [table({ label: ['a', 'b'], split: ['train', 'holdout'] }, 'split.csv'), {}],
      /row 1 \(from 0\) holds "holdout"/,
    ],
    [
      'a split column of numbers',
      () => [table({ label: ['a', 'b'], split: ['0', '1'] }, 'split-numbers.csv'), {}],
      /expected train, validation or test in the column "split" of .*split-numbers\.csv, but it holds numbers/,
    ],
    [
      'no such split column',
      () => [table({ label: ['a', 'b'] }, 'plain.csv'), { splitColumn: 'fold' }],
      /expected a column "fold"/,
    ],
    [
      'one class',
      () => [table({ label: ['a', 'a'] }, 'one.csv'), {}],
      /expected training rows of two classes at least, but all 2 rows .* are of the class "a"/,
    ],
  ])('%s', async (_, given, message) => {
    await expect(known(...given())).rejects.toThrow(message);
    expect(sizes(await known(table({ label: ['a', 'b'] }, 'good.csv'), {}))).toEqual([
      2,
      undefined,
      undefined,
    ]);
  });

  it('a label below 0, or of millions of classes, by its row or its number', async () => {
    const x = npy('four.npy', 4);
    await expect(known(x, { labels: numbers('minus.npy', [0, 1, -1, 0]) })).rejects.toThrow(/-1/);
    await expect(known(x, { labels: numbers('huge.npy', [0, 1, 2 ** 22, 0]) })).rejects.toThrow(
      /expected classes numbered from 0, but a label is 4194304; number them anew from 0, or write them as names: "id 4194304"/,
    );
    expect(sizes(await known(x, { labels: numbers('good.npy', [0, 1, 1, 0]) }))[0]).toBe(4);
  });
});
