/** What columns and arrays of labels are called; what is called so beside them is no feature. */
import { describe, expect, it } from 'vitest';
import { encodeParquet, type NamedArray, openFeatures } from '../src/index.ts';
import { opened, written } from './written.ts';
import { zipOf } from './zip-of.ts';

const NAMES = [
  ...['Label', 'LABEL', 'Labels', 'Target', 'Targets', 'Y', 'class', 'Class', 'classes', 'class_id'],
  ...['label_id', 'fine_label', 'species', 'category', 'gt'],
];

describe('a column of labels', () => {
  it.each(NAMES)('may be called %s, in tables and among arrays', async (name) => {
    const numbers = written('named.csv', `a,${name}\n0.5,2\n1.5,0\n`);
    expect(await opened(numbers)).toMatchObject({ rows: [0.5, 1.5], labels: [2, 0], notes: [] });
    const texts = written('named.csv', `${name},a\nowl,1\ncat,2\n`);
    expect(await opened(texts)).toMatchObject({ rows: [1, 2], labels: [1, 0], classNames: ['cat', 'owl'] });
    const arrays = {
      emb: { shape: [2, 1], data: Float32Array.of(0.5, 1.5) },
      [name]: { shape: [2], data: Int32Array.of(2, 0) },
    };
    expect(await opened(written('named.npz', zipOf(arrays)))).toMatchObject({ labels: [2, 0], notes: [] });
  });

  it.each(['Y', 'species', 'gt'])('%s with fractions is a feature, with a note', async (name) => {
    const set = await opened(written('named.csv', `a,${name}\n0.5,2\n1.5,0.5\n`));
    expect(set).toMatchObject({ dim: 2, labels: undefined });
    expect(set.notes).toEqual([
      `at line 3 the column "${name}" holds 0.5, so it is no label; name the labels with \`labels\`.`,
    ]);
  });

  it('whose name may mean something else is no label where it does not fit', async () => {
    const signed = await opened(written('signed.csv', 'a,class\n1,-1\n2,1\n'));
    expect(signed).toMatchObject({ dim: 2, labels: undefined });
    expect(signed.notes[0]).toMatch(/at line 2 the column "class" holds -1, so it is no label/);
    const mixed = await opened(written('mixed.csv', 'a,category\n1,0\n2,cat\n'));
    expect(mixed).toMatchObject({ dim: 1, notes: ['"category" is left out: not all of it is numbers.'] });
    await expect(openFeatures(written('signed.csv', 'a,Label\n1,-1\n2,1\n'))).rejects.toThrow(/holds -1/);
  });

  it('leaves the others no features, and fractions with a note', async () => {
    const many = encodeParquet(
      new Map<string, NamedArray | string[]>([
        ['x', { shape: [2], data: Float32Array.of(0.5, 1.5) }],
        ['y', { shape: [2], data: Float32Array.of(2.5, 3.5) }],
        ['label', ['owl', 'cat']],
        ['target', { shape: [2], data: Int32Array.of(3, 4) }],
      ]),
    );
    const path = written('many.parquet', many);
    expect(await opened(path)).toEqual({
      rows: [0.5, 2.5, 1.5, 3.5],
      dim: 2,
      labels: [1, 0],
      classNames: ['cat', 'owl'],
      notes: [
        'at row 0 the column "y" holds 2.5, so it is a feature and no label.',
        '"target" is left out: the labels are those of "label"; name others with `labels`, or name `features` to take more.',
      ],
    });
    expect(await opened(path, { labels: 'target' })).toMatchObject({ dim: 2, labels: [3, 4] });
    expect(await opened(path, { features: ['x', 'target'] })).toMatchObject({ dim: 2, notes: [] });
    expect(await opened(path, { labels: false })).toMatchObject({ dim: 3, labels: undefined });
  });

  it('is the likeliest of several arrays, with a note', async () => {
    const labels = { shape: [2], data: Int32Array.of(2, 0) };
    const emb = { shape: [2, 1], data: Float32Array.of(0.5, 1.5) };
    const set = await opened(written('two.npz', zipOf({ fine_label: labels, emb, targets: labels })));
    expect(set.labels).toEqual([2, 0]);
    expect(set.notes).toEqual([
      'the labels are those of "targets", not of "fine_label"; name others with `labels`.',
    ]);
  });
});

it('a first row of names is told from one of data with such a label', async () => {
  const data = await opened(written('yes.csv', '1.5,Y\n2.5,N\n3.5,N\n'), { labels: '1' });
  expect(data).toMatchObject({ rows: [1.5, 2.5, 3.5], labels: [1, 0, 0] });
  const again = await opened(written('yes.csv', 'Y,1\nN,2\nY,4\n'), { labels: '0' });
  expect(again).toMatchObject({ rows: [1, 2, 4], labels: [1, 0, 1] });
  const named = await opened(written('path.csv', 'file,0,1\na.png,0.5,2\nb.png,1.5,4\n'));
  expect(named).toMatchObject({ rows: [0.5, 2, 1.5, 4] });
  expect(named.notes).toContain(
    'the first row, "file 0 1", was taken as names; say `header: false` if it is data.',
  );
});
