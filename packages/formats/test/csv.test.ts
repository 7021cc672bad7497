import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { fuzzing } from '@longtail/test-support';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openFeatures, readLabels } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-csv-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(text: string, name = 'rows.csv'): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function read(text: string, options: Parameters<typeof openFeatures>[1] = {}, name = 'rows.csv') {
  const set = await openFeatures(written(text, name), options);
  try {
    return {
      rows: [...(await set.rows(0, set.length))],
      labels: set.labels && [...set.labels],
      dim: set.dim,
    };
  } finally {
    await set.close();
  }
}

describe('CSV', () => {
  const expected = { rows: [1.5, -2, 3, 4e-3], labels: [7, 8], dim: 2 };

  it.each([
    ['LF', 'a,label,b\n1.5,7,-2\n3,8,4e-3\n'],
    ['CRLF, no newline at the end', 'a,label,b\r\n1.5,7,-2\r\n3,8,4e-3'],
    ['a byte order mark', '\ufeffa,label,b\n1.5,7,-2\n3,8,4e-3\n'],
    ['quotes, spaces', '"a","label","b"\n"1.5", 7 ,"-2"\n"3","8",4e-3\n'],
    ['empty lines', '\na,label,b\n\n1.5,7,-2\r\n\r\n3,8,4e-3\n\n'],
  ])('with %s', async (_, text) => {
    expect(await read(text)).toEqual({ ...expected, rows: [...Float32Array.from(expected.rows)] });
  });

  it('with tabs, without a header, with one that looks like numbers', async () => {
    expect(await read('1\t2\n3\t4\n', {}, 'rows.tsv')).toEqual({
      rows: [1, 2, 3, 4],
      labels: undefined,
      dim: 2,
    });
    expect(await read('1,2,0\n3,4,5\n', { labels: '2' })).toEqual({
      rows: [1, 2, 3, 4],
      labels: [0, 5],
      dim: 2,
    });
    expect(await read('0,1\n3,4\n', { header: true, features: ['1'] })).toMatchObject({ rows: [4], dim: 1 });
    expect(await read('nan,inf\n-Infinity,1\n')).toMatchObject({
      rows: [Number.NaN, Infinity, -Infinity, 1],
    });
    expect([...(await readLabels(written('3\n1\n2\n'))).labels]).toEqual([3, 1, 2]);
    expect([...(await readLabels(written('path,label\na.jpg,3\n"b,\n.jpg",1\n'))).labels]).toEqual([3, 1]);
  });

  it('leaves out columns of text, with commas, quotes and newlines in them', async () => {
    const text = 'path,f0,f1,label\n"a,""b"".jpg",1,2,0\n"c\nd.jpg",3,4,1\n';
    expect(await read(text, { features: ['f0', 'f1'] })).toEqual({
      rows: [1, 2, 3, 4],
      labels: [0, 1],
      dim: 2,
    });
    expect(await read(text)).toEqual(await read(text, { features: ['f0', 'f1'] }));
    await expect(read(text, { features: ['f0', 'path'] })).rejects.toThrow(
      /expected numbers in the column "path", but it holds text; convert it/,
    );
  });

  it.each([
    ['a,b\n1,2\n3\n', /rows.csv:3: expected 2 fields, but there are 1/],
    ['a,b\n"x\ny",2\n3,4,5\n', /rows.csv:4: expected 2 fields, but there are 3/],
    ['a,b\n1,2\n\n\n3,x\n', /rows.csv:5: expected a number in the column "b", but it holds "x"/],
    ['a,b\n1,\n2,3\n', /rows.csv:2: .* column "b", but it holds ""; fill it in, or take it as NaN/],
    ['a,label\n1,-1\n', /at line 2 the column "label" holds -1/],
    ['a,b\n1,2\n3,"4\n5,6\n', /rows.csv:3: expected quotes around whole fields, but one stands alone/],
    ['a,b\n1,2"3"\n', /rows.csv:2: expected quotes around whole fields/],
    ['a,b\n"1"2,3\n', /rows.csv:2: expected quotes around whole fields/],
    ['', /rows.csv:1: expected rows of numbers, but there are none/],
    [
      'a,b\n',
      /expected rows, but there are none beside the names of the columns, "a", "b"; .* `header: false`/,
    ],
    ['label\n1\n', /columns of numbers as features, but beside the labels, "label", there is nothing/],
  ])('%j is refused, by its line', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toThrow(DataError);
  });

  it('refuses a quote that is not closed for 16 MiB', async () => {
    const text = `a,b\n1,"2\n${'3,4\n'.repeat(5_000_000)}`;
    await expect(read(text)).rejects.toThrow(/rows.csv:2: expected a row of at most 16777216 bytes/);
  });

  it('reads what was written, in any ranges, also across the pieces it is read in', async () => {
    const { runs, seed } = fuzzing({ runs: 20 });
    const numbers = fc.array(fc.float({ noNaN: true }), { minLength: 3, maxLength: 3 });
    const cases = fc.tuple(fc.array(numbers, { minLength: 1, maxLength: 40 }), fc.nat(), fc.nat());
    await fc.assert(
      fc.asyncProperty(
        cases,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async ([rows, a, b], end, quoted) => {
          const quote = quoted ? '"' : '';
          const text = rows
            .map((row) => row.map((x) => quote + (Object.is(x, -0) ? '-0' : x) + quote).join(','))
            .join(end);
          const set = await openFeatures(written(text, 'any.csv'), {
            header: false,
            features: rows[0]!.map((_, i) => String(i)),
          });
          const [start, stop] = [a % (rows.length + 1), b % (rows.length + 1)].sort((x, y) => x - y) as [
            number,
            number,
          ];
          expect(await set.rows(start, stop)).toEqual(Float32Array.from(rows.slice(start, stop).flat()));
          await set.close();
        },
      ),
      { numRuns: runs, seed },
    );
    const many = Array.from({ length: 250_000 }, (_, i) => `${i},${i * 2},"${i % 10}"`);
    const set = await openFeatures(written(many.join('\n'), 'many.csv'), {
      features: ['0', '1'],
      labels: '2',
    });
    expect(set.length).toBe(250_000);
    expect(set.labels!.every((label, i) => label === i % 10)).toBe(true);
    const rows = await set.rows(100_000, 249_999);
    expect(rows.every((x, i) => x === (100_000 + (i >> 1)) * (1 + (i % 2)))).toBe(true);
    await set.close();
  });
});
