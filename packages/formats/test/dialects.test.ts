import { InputError } from '@longtail/core';
import { fuzzing } from '@longtail/test-support';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuoteError, splitCsv } from '../src/csv/split.ts';
import { openArrays, openFeatures } from '../src/index.ts';
import { opened, written } from './written.ts';

const csv = (text: string) => written('dialect.csv', text);

describe('splitCsv', () => {
  it('splits, and refuses, as csv-parse does', () => {
    const { runs, seed } = fuzzing({ runs: 2000 });
    const piece = fc.constantFrom('a', '1', ' ', ',', '"', '""', '\n', '\r\n', ',"a"', '"b\nc"', ',""\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let expected: string[][] | undefined;
        try {
          expected = parse(text, {
            relax_column_count: true,
            skip_empty_lines: true,
            record_delimiter: ['\n', '\r\n'],
          });
        } catch {
          // refused
        }
        if (expected) expect(splitCsv(text, ',')).toEqual(expected);
        else expect(() => splitCsv(text, ',')).toThrow(QuoteError);
      }),
      { numRuns: runs, seed },
    );
  });
});

describe('a CSV of another dialect', () => {
  it.each([
    ['semicolons', 'a;b;label\n1;2;x\n3;4;y\n'],
    ['tabs', 'a\tb\tlabel\n1\t2\tx\n3\t4\ty\n'],
    ['pipes, and commas in quotes', '"a"|"b"|"label"\n1|2|"x, 1"\n3|4|"y, 2"\n'],
    ['commas, and a text with semicolons', 'a,b,label\n1,2,x;1\n3,4,y;2\n'],
  ])('is read by its own: %s', async (_, text) => {
    expect(await opened(csv(text))).toMatchObject({ rows: [1, 2, 3, 4], labels: [0, 1], dim: 2 });
  });

  it('is read by the delimiter that is named', async () => {
    expect(await opened(csv('1 2\n3 4\n'), { delimiter: ' ' })).toMatchObject({ rows: [1, 2, 3, 4] });
    for (const delimiter of ['', '"', '\n', ', '])
      await expect(openFeatures(csv('1,2\n'), { delimiter })).rejects.toThrow(InputError);
  });

  it('with decimal commas is refused by its line, and says what to do', async () => {
    for (const text of ['a;b\n1,5;2\n', '1,5;2,5\n3,5;4,5\n', 'a,b\n"1,234",2\n']) {
      const set = await openFeatures(csv(text));
      expect(set.dim).toBe(2);
      await expect(set.rows(0, 1)).rejects.toThrow(
        /:[12]: expected a number .* write a decimal point \(in pandas/,
      );
    }
  });
});

describe('missing values', () => {
  it('are refused by their line, or NaN', async () => {
    for (const word of ['', ' ', 'NA', 'N/A', 'null', 'None', '\\N']) {
      const path = csv(`a,b,label\n1,2,0\n3,${word},1\n`);
      const set = await openFeatures(path);
      await expect(set.rows(0, 2)).rejects.toThrow(
        /dialect.csv:3: .* fill it in, or take it as NaN with `nulls: 'nan'`/,
      );
      await set.close();
      expect(await opened(path, { nulls: 'nan' })).toMatchObject({
        rows: [1, 2, 3, Number.NaN],
        labels: [0, 1],
      });
    }
    await expect(openFeatures(csv('a,label\n1,0\n2,\n'), { nulls: 'nan' })).rejects.toThrow(
      /at line 3 .* holds NaN/,
    );
    const word = await openFeatures(csv('a,b\n1,2\n3,x\n'), { nulls: 'nan' });
    await expect(word.rows(0, 2)).rejects.toThrow(
      /dialect.csv:3: expected a number in the column "b", but it holds "x"/,
    );
  });

  it('of a whole column leave it out with a sentence, unless it is named', async () => {
    const path = csv('a,b,\n1,2,\n3,4,\n');
    expect(await opened(path)).toMatchObject({ rows: [1, 2, 3, 4], notes: ['"" is left out: blank.'] });
    expect(await opened(path, { features: ['a', ''], nulls: 'nan' })).toMatchObject({
      rows: [1, Number.NaN, 3, Number.NaN],
    });
  });
});

it('lists what its columns hold, and reads texts by ranges', async () => {
  const file = await openArrays(csv('path,a\nx.jpg,1\n"y, z.jpg",2\nw.jpg,3\n'));
  expect(file.arrays).toEqual([
    { name: 'path', dtype: undefined, typeName: 'text', shape: [3] },
    { name: 'a', dtype: 'float64', typeName: 'float64', shape: [3] },
  ]);
  expect(await file.readTexts('path', { start: 1, end: 3 })).toEqual(['y, z.jpg', 'w.jpg']);
  expect(await file.readBytes('path', { end: 1 })).toEqual([new TextEncoder().encode('x.jpg')]);
  expect((await file.read('a', { start: 1 })).data).toEqual(Float64Array.of(2, 3));
  await expect(file.read('path')).rejects.toThrow(/expected numbers in the column "path", but it holds text/);
  await expect(file.readTexts('a')).rejects.toThrow(/expected text in the column "a", but it holds float64/);
  await expect(file.readTexts('path', { end: 4 })).rejects.toThrow(InputError);
  await file.close();
});
