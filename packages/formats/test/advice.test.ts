/** What errors advise: who follows it opens the file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { encodeParquet, openArrays, openFeatures, readLabels } from '../src/index.ts';
import { opened, written } from './written.ts';

const files = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/label_pickles.json'), 'utf8'),
) as Record<string, string>;
const golden = (name: string) => written(name, Buffer.from(files[name]!, 'base64'));

async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as Error).message;
}

describe('a column of labels that holds something else', () => {
  const late = `${'1,2\n'.repeat(3000)}1,cat\n`;
  it.each([
    ['text among numbers', 'a,label\n1,0\n1,cat\n1,2\n', /advice.csv:3: .* but it holds "cat"/],
    ['text after thousands of numbers', `a,label\n${late}`, /advice.csv:3002: .* but it holds "cat"/],
    ['numbers among text', 'a,label\n1,cat\n1,0\n', /at line 3 the column "label" holds "0"/],
    ['a blank among numbers', 'a,label\n1,0\n1,\n', /advice.csv:3: .* but it holds ""/],
    ['a blank among texts', 'a,label\n1,cat\n1,\n', /at line 3 the column "label" holds ""/],
    ['null', 'a,label\n1,0\n1,null\n', /advice.csv:3: .* but it holds "null"/],
  ])('as %s, is left out by `labels: false`', async (_, text, found) => {
    const path = written('advice.csv', text);
    for (const options of [{}, { labels: 'label' }]) {
      const message = await refusal(openFeatures(path, options));
      expect(message).toMatch(found);
      expect(message).toMatch(
        /; give the row a label, leave it out, or open the file with `labels: false`\.$/,
      );
    }
    expect(await refusal(readLabels(path))).toMatch(/; give the row a label, or leave it out\.$/);
    const { dim, labels, notes } = await opened(path, { labels: false });
    expect({ dim, labels }).toEqual({ dim: 1, labels: undefined });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/"label" is left out: (no|not all of it is) numbers/);
  });

  it('that only its caller calls labels, needs the features named, too', async () => {
    const path = written('advice.csv', 'a,kind\n1,0\n1,cat\n');
    expect(await refusal(openFeatures(path, { labels: 'kind' }))).toMatch(
      /with `labels: false` and the columns that you want as `features`\.$/,
    );
    expect(await opened(path, { labels: false, features: 'a' })).toMatchObject({ rows: [1, 1] });
  });

  it('beyond 2^53 is quoted as it is written', async () => {
    const path = written('advice.csv', 'a,label\n1,0\n1,9007199254740993\n');
    expect(await refusal(openFeatures(path))).toMatch(/holds 9007199254740993;/);
    const column = { shape: [1], data: BigInt64Array.of(9007199254740993n) };
    const table = written('advice.parquet', encodeParquet({ label: column }));
    expect(await refusal(readLabels(table))).toMatch(/holds 9007199254740993;/);
  });
});

describe('labels in a pickle', () => {
  it.each(['list', 'tuple', 'numpy', 'bytes'])('may be texts: %s', async (name) => {
    for (const protocol of [2, 5]) {
      const path = golden(`${name}-${protocol}.pkl`);
      expect(await opened(path)).toMatchObject({ rows: [0.5, 1.5, 2.5], labels: [1, 0, 1], notes: [] });
      expect((await readLabels(path)).classNames).toEqual(['cat', 'owl']);
      const file = await openArrays(path);
      expect(await file.readTexts('labels', { start: 1 })).toEqual(['cat', 'owl']);
      await file.close();
    }
  });

  it('may be a tuple of numbers', async () => {
    for (const protocol of [2, 5])
      expect(await opened(golden(`numbers-${protocol}.pkl`))).toMatchObject({ labels: [2, 0, 1] });
  });

  it('that are objects, or all sorts, are none, and a blank is refused by its row', async () => {
    const { labels, notes } = await opened(golden('objects-5.pkl'));
    expect(labels).toBeUndefined();
    expect(notes[0]).toMatch(/an array of objects .*; convert it with \.astype\(str\)/);
    expect(await refusal(readLabels(golden('objects-2.pkl')))).toMatch(/convert it with \.astype\(str\)/);
    expect((await opened(golden('mixed-2.pkl'))).notes[0]).toMatch(/"labels" at byte 0 is a list/);
    expect(await refusal(openFeatures(golden('blank-5.pkl')))).toMatch(/row 1 of the array "labels" is ""/);
  });
});

it.each([
  ['objects', /is pickled objects \[2\]; convert it with \.astype\(str\)/],
  ['dates', /is NumPy's <M8\[ns\] \(dates\) \[2\]; convert it with \.astype\('int64'\)\.$/],
  ['spans', /is NumPy's <m8\[s\] \(spans of time\) \[2\]; convert it with \.astype\('int64'\)\.$/],
  ['complex', /is NumPy's <c16 \[1,2\]; take its \.real or its \.imag\.$/],
  ['records', /is a record \[2\]; take one of its fields, array\['name'\]\.$/],
  ['flat', /is float32 \[3\]; write it as numbers \[n, dim\]\.$/],
])('an array alone in a .npy, of %s, is refused with what to do about it', async (name, message) => {
  expect(await refusal(openFeatures(golden(`${name}.npy`)))).toMatch(message);
});

it.each([
  ['a,b\n', /expected rows, but there are none beside the names of the columns, "a", "b"/],
  ['a,b\r1,2\r3,4\r', /cause.csv:1: expected rows that end with LF or CRLF, but they end with CR alone/],
  ['# made by hand\na,b\n1,2\n3,4\n', /cause.csv:1: .* is a comment, "# made by hand"; leave it out/],
  ['# made by hand\na;b\n1;2\n3;4\n', /cause.csv:1: .* is a comment/],
  ['1 2 3\n4 5 6\n', /cause.csv:2: .* but spaces stand there; say `delimiter: ' '`/],
  ['a b\n1 2\n4 5\n', /cause.csv:2: .* but spaces stand there; say `delimiter: ' '`/],
  ['name\ncat\nowl\n', /columns of numbers as features, but the columns are "name \(text\)"/],
])('%j is refused by its cause', async (text, message) => {
  expect(await refusal(openFeatures(written('cause.csv', text)))).toMatch(message);
  expect(await refusal(openFeatures(written('cause.csv', text)))).not.toMatch(/0 rows|0 columns/);
});

it('a file of names alone has no labels', async () => {
  expect(await refusal(readLabels(written('none.csv', 'label\n')))).toMatch(
    /expected rows, but there are none/,
  );
});

it('another delimiter than the one that is named is told by what the columns are', async () => {
  const path = written('cause.csv', 'a,b\n1,0.5\n');
  expect(await refusal(openFeatures(path, { delimiter: ' ' }))).toMatch(
    /the columns are "a,b \(text\)"; .* its `delimiter`/,
  );
});

it.each([
  ['1,000', /leave out commas between thousands .*thousands=','.* or write a decimal point/],
  ['12,345,678.5', /leave out commas between thousands/],
  ['0,125', /; write a decimal point/],
  ['1,5', /; write a decimal point/],
])('the comma in "%s" is advised upon', async (field, message) => {
  const set = await openFeatures(written('comma.csv', `a,b\n"${field}",2\n`));
  expect(await refusal(set.rows(0, 1))).toMatch(message);
  await set.close();
});
