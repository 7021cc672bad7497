import { gzipSync } from 'node:zlib';
import { DataError } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
import { classesOf } from '../src/features/labels.ts';
import { encodeNpy, type NamedArray, openArrays, openFeatures, readLabels } from '../src/index.ts';
import { npyText } from './npy-text.ts';
import { opened, written } from './written.ts';
import { zipOf } from './zip-of.ts';

const csv = (...labels: string[]) => written('labels.csv', `label\n${labels.join('\n')}\n`);
const labelsOf = async (path: string, options: Parameters<typeof readLabels>[1] = {}) => {
  const { labels, classNames } = await readLabels(path, options);
  return { labels: [...labels], classNames };
};

describe('labels in CSV', () => {
  it('are numbers where they are whole floats, in the order of numbers', async () => {
    expect(await labelsOf(csv('0.0', '2.0', '10.0', '2'))).toEqual({ labels: [0, 2, 10, 2] });
    expect(await labelsOf(csv(' 1e1', '+3', '007'))).toEqual({ labels: [10, 3, 7] });
  });

  it('are numbered in sorted order where they are texts, and named', async () => {
    const expected = { labels: [1, 0, 1, 2], classNames: ['cat', 'dog', 'été'] };
    expect(await labelsOf(csv('dog', 'cat', 'dog ', 'été'))).toEqual(expected);
    expect(await labelsOf(csv('0x1f', 'b'))).toMatchObject({ classNames: ['0x1f', 'b'] });
    expect(await labelsOf(csv('True', 'False'))).toEqual({ labels: [1, 0], classNames: ['False', 'True'] });
  });

  it('that say that nothing is there are classes, with a note', async () => {
    const note = 'the label "NA" of 2 rows was taken as a class.';
    const path = written('na.csv', 'a,label\n1,NA\n2,cat\n3,NA\n');
    expect(await opened(path)).toMatchObject({ classNames: ['NA', 'cat'], notes: [note] });
    expect(await readLabels(path)).toMatchObject({ notes: [note] });
    const array = await readLabels(written('na.npy', npyText('<U4', ['None', 'cat'])));
    expect(array.notes).toEqual(['the label "None" of 1 row was taken as a class.']);
    expect(await readLabels(path, { classNames: ['NA', 'cat'] })).not.toHaveProperty('notes');
  });

  it('take the numbers of the training set, and are refused by name and line where it lacks them', async () => {
    const classNames = ['dog', 'cat', 'cow'];
    expect(await labelsOf(csv('cat', 'dog'), { classNames })).toEqual({ labels: [1, 0], classNames });
    expect(await labelsOf(csv('2', '0'), { classNames })).toEqual({ labels: [2, 0], classNames });
    await expect(readLabels(csv('cat', 'cat', 'owl'), { classNames })).rejects.toThrow(
      /expected one of the training set's 3 classes, but at line 4 the column "label" holds "owl"/,
    );
    await expect(readLabels(csv('1', '3'), { classNames })).rejects.toThrow(
      /labels from 0 to 2, because the training set has 3 classes, but at line 3 .* holds 3/,
    );
  });

  it.each([
    [['1', '-1'], /labels from 0 to 2147483647, but at line 3 the column "label" holds -1/],
    [['1', 'cat'], /labels.csv:3: expected a number in the column "label", but it holds "cat"/],
    [['cat', '1'], /expected all labels to be numbers, or all texts, but at line 3 .* holds "1"/],
    [['cat', '""', 'dog'], /expected a label in every row, but at line 3 the column "label" holds ""/],
    [
      ['1', '""'],
      /labels.csv:3: expected a number in the column "label", but it holds ""; give the row a label, or leave it out\.$/,
    ],
    [['1', '1.5'], /labels from 0 to 2147483647, but at line 3 the column "label" holds 1.5/],
    [['1', '3000000000'], /but at line 3 the column "label" holds 3000000000/],
  ])('%j are refused by their line', async (labels, message) => {
    const read = () => readLabels(csv(...labels), { labels: 'label' });
    await expect(read()).rejects.toThrow(message);
    await expect(read()).rejects.toThrow(DataError);
  });

  it('are refused in another encoding than UTF-8, where two names would become one', async () => {
    const path = written('latin1.csv', Buffer.from('label\ncafé\ncafè\n', 'latin1'));
    await expect(readLabels(path)).rejects.toThrow(/latin1.csv:2: expected UTF-8 in the column "label"/);
    const wide = written('utf16.csv', Buffer.from('\ufefflabel\ncat\n', 'utf16le'));
    await expect(readLabels(wide)).rejects.toThrow(/expected text in UTF-8, but it is in UTF-16/);
  });

  it('without a header are all labels', async () => {
    const set = await opened(written('bare.csv', '0.5,1.5,cat\n2.5,3.5,dog\n'), { labels: '2' });
    expect(set).toMatchObject({ rows: [0.5, 1.5, 2.5, 3.5], labels: [0, 1], classNames: ['cat', 'dog'] });
    expect(set.notes[0]).toMatch(/the first row, "0.5 1.5 cat", was taken as data; say `header: true`/);
    expect(await labelsOf(written('only.csv', 'dog\ncat\ndog\n'))).toMatchObject({ labels: [1, 0, 1] });
  });
});

describe('a column with the name of labels', () => {
  it.each(['label', 'y', 'target'])('%s of text is numbered and named, or left out', async (name) => {
    const path = written('named.csv', `a,${name}\n1,dog\n2,cat\n`);
    expect(await opened(path)).toEqual({
      rows: [1, 2],
      dim: 1,
      labels: [1, 0],
      classNames: ['cat', 'dog'],
      notes: [],
    });
    expect(await opened(path, { labels: false })).toMatchObject({
      rows: [1, 2],
      labels: undefined,
      notes: [`"${name}" is left out: no numbers.`],
    });
  });

  it('is a feature where it holds fractions, with a sentence, unless it was asked for', async () => {
    const path = written('xyz.csv', 'x,y,z\n1,2,3\n4,0.5,6\n');
    expect(await opened(path)).toEqual({
      rows: [1, 2, 3, 4, 0.5, 6],
      dim: 3,
      labels: undefined,
      classNames: undefined,
      notes: ['at line 3 the column "y" holds 0.5, so it is no label; name the labels with `labels`.'],
    });
    await expect(openFeatures(path, { labels: 'y' })).rejects.toThrow(/at line 3 the column "y" holds 0.5/);
    expect(await opened(path, { labels: false })).toMatchObject({ dim: 3, notes: [] });
    const negative = await opened(written('negative.csv', 'x,y\n1,-2\n4,nan\n5,-0.5\n'));
    expect(negative).toMatchObject({ dim: 2, labels: undefined });
    expect(negative.notes[0]).toMatch(/at line 4 the column "y" holds -0.5, so it is no label/);
  });

  it('is refused where it holds whole numbers that are no classes', async () => {
    const path = written('minus.csv', 'a,label\n1,0\n2,-1\n');
    await expect(openFeatures(path)).rejects.toThrow(
      /holds -1; give the row a label, leave it out, or open the file with `labels: false`/,
    );
    expect(await opened(path, { labels: false })).toMatchObject({ rows: [1, 0, 2, -1] });
  });

  it('in Parquet is read where it holds text', async (context) => {
    const path = sharedOrSkip(context, 'data/strangers/string_label.parquet');
    const { dim, labels, classNames, rows } = await opened(path);
    expect({ dim, n: labels!.length, rows: rows.length }).toEqual({ dim: 4, n: 6, rows: 24 });
    expect([...classNames!]).toEqual([...classNames!].sort());
  });
});

describe('arrays of labels', () => {
  const npz = (arrays: Record<string, NamedArray>) => written('set.npz', zipOf(arrays));
  const X: NamedArray = { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };

  it('are whole floats and bools, too', async () => {
    const floats = written('f8.npy', encodeNpy({ shape: [3], data: Float64Array.of(0, 10, 2) }));
    expect(await labelsOf(floats)).toEqual({ labels: [0, 10, 2] });
    const bools = encodeNpy({ shape: [3], dtype: 'bool', data: Uint8Array.of(1, 0, 1) });
    expect(await labelsOf(written('bool.npy', bools))).toEqual({ labels: [1, 0, 1] });
    const half = written('half.npy', encodeNpy({ shape: [2], data: Float32Array.of(1, 0.5) }));
    await expect(readLabels(half)).rejects.toThrow(
      /labels from 0 to .* row 1 of the array, at byte 132, is 0.5/,
    );
    await expect(readLabels(floats, { classNames: ['a', 'b'] })).rejects.toThrow(
      /training set has 2 classes/,
    );
  });

  it('of a usual name are left out with a sentence where they are measurements or rows', async () => {
    const y = await opened(npz({ X, y: { shape: [3], data: Float64Array.of(0, 0.5, 1) } }));
    expect(y).toMatchObject({ dim: 2, labels: undefined });
    expect(y.notes[0]).toMatch(/row 1 of the array "y", at byte \d+, is 0.5, so these are no labels/);
    const signed = npz({ X, y: { shape: [3], data: Float64Array.of(-1, Number.NaN, 2.5) } });
    expect((await opened(signed)).notes[0]).toMatch(
      /row 2 of the array "y", at byte \d+, is 2.5, so these are no/,
    );
    const short = npz({ X, y: { shape: [2], data: Int32Array.of(0, 1) } });
    await expect(openFeatures(short)).rejects.toThrow(/2 labels for 3 rows; .*or none: `labels: false`/);
    expect(await opened(short, { labels: false })).toMatchObject({ dim: 2 });
    const targets = { shape: [3, 2], data: Float32Array.of(1, 0, 0, 1, 1, 0) };
    const oneHot = await opened(
      npz({ emb: X, targets, label: { shape: [3], data: Int32Array.of(2, 0, 1) } }),
    );
    expect(oneHot).toMatchObject({ rows: [1, 2, 3, 4, 5, 6], labels: [2, 0, 1], notes: [] });
    expect((await opened(npz({ emb: X, targets }))).notes[0]).toMatch(
      /"targets" at byte \d+ is float32 \[3,2\]/,
    );
    expect((await opened(npz({ emb: X, targets }), { labels: false })).notes).toEqual([]);
  });

  it('of text are numbered and named', async () => {
    const texts = ['𝄞at', 'ox', '𝄞at'];
    const wide = written('u.npy', npyText('<U3', texts));
    expect(await labelsOf(wide)).toEqual({ labels: [1, 0, 1], classNames: ['ox', '𝄞at'] });
    const bytes = npyText('|S6', texts);
    const classNames = ['𝄞at', 'ox'];
    expect(await labelsOf(written('s.npy', bytes), { classNames })).toEqual({
      labels: [0, 1, 0],
      classNames,
    });
    await expect(readLabels(wide, { classNames: ['ox'] })).rejects.toThrow(
      /row 0 of the array, at byte 128, is "𝄞at"/,
    );
    const odd = npyText('<U1', ['a', 'b']).fill(0xff, 132);
    await expect(readLabels(written('odd.npy', odd))).rejects.toThrow(
      /expected text in the array, but row 1 is none/,
    );
    await expect(readLabels(written('cut.npy', bytes.subarray(0, -1)))).rejects.toThrow(
      /its texts take 18 bytes, and 17/,
    );
    const file = await openArrays(wide);
    expect(file.arrays).toEqual([{ name: '', dtype: undefined, typeName: "NumPy's <U3", shape: [3] }]);
    expect(await file.readTexts('', { start: 1 })).toEqual(['ox', '𝄞at']);
    await expect(file.read()).rejects.toThrow(/expected numbers in "", but it is NumPy's <U3/);
    await expect(file.readBytes()).rejects.toThrow(/expected a table, whose columns hold bytes/);
    await file.close();
  });
});

it('reads what is compressed', async () => {
  const path = written('rows.csv.gz', gzipSync('a;label\n1;cat\n2;dog\n'));
  expect(await opened(path)).toMatchObject({ rows: [1, 2], labels: [0, 1], classNames: ['cat', 'dog'] });
});

it('numbers distinct texts as one function, whatever holds them', () => {
  expect(classesOf(['10', '2.0'])).toEqual({
    classOf: new Map([
      ['10', 10],
      ['2.0', 2],
    ]),
  });
  expect(classesOf(['2', '2.0', '7'])).toEqual({
    classOf: new Map([
      ['2', 2],
      ['2.0', 2],
      ['7', 7],
    ]),
  });
  expect(classesOf(['007', '1e1'])).not.toHaveProperty('classNames');
  expect(classesOf(['1', '01', '1e0'])).toMatchObject({ classNames: ['01', '1', '1e0'] });
  expect(classesOf(['b', 'a'])).toMatchObject({ classNames: ['a', 'b'] });
  expect(classesOf(['b', ''])).toMatchObject({ wrong: '' });
  expect(classesOf(['5', 'A'], { classNames: ['5', 'A'] })).toMatchObject({
    classOf: new Map([
      ['5', 0],
      ['A', 1],
    ]),
  });
});
