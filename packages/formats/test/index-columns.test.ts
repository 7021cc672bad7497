import { sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
import { openFeatures } from '../src/index.ts';
import { opened, written } from './written.ts';

describe('a column that only numbers the rows', () => {
  it.each([
    ['of to_csv, unnamed', ',a,label\n0,1,0\n1,2,1\n'],
    ['of to_csv after a shuffle', ',a,label\n7,1,0\n3,2,1\n'],
    ['of to_csv, read and written again', 'Unnamed: 0,a,label\n0,1,0\n1,2,1\n'],
    ['that is named', 'id,a,label\n1,1,0\n2,2,1\n'],
    ['at the end', 'a,label,Index\n1,0,101\n2,1,77\n'],
  ])('%s, is left out with a sentence', async (_, text) => {
    const path = written('index.csv', text);
    const { rows, labels, notes } = await opened(path);
    expect({ rows, labels }).toEqual({ rows: [1, 2], labels: [0, 1] });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/is left out: an index; name `features` to take more/);
  });

  it('is taken where it is named, or where its name is usual and its numbers are not', async () => {
    const path = written('index.csv', 'id,a,label\n1,1,0\n2,2,1\n');
    expect(await opened(path, { features: ['id', 'a'] })).toMatchObject({ rows: [1, 1, 2, 2], notes: [] });
    const index = written('measured.csv', 'index,a\n0.5,1\n2,2\n');
    expect(await opened(index)).toMatchObject({ dim: 2, notes: [] });
    expect(await opened(written('again.csv', 'row,a\n1,1\n1,2\n'))).toMatchObject({ dim: 2, notes: [] });
    expect(await opened(written('counts.csv', 'count,a\n0,1\n1,2\n'))).toMatchObject({ dim: 2, notes: [] });
    expect(await opened(written('bare.csv', '0,1.5\n1,2.5\n'))).toMatchObject({ dim: 2, notes: [] });
  });

  it.each([
    ...['sample', 'sample_id', 'image_id', 'uid', 'nr', 'no', 'number', 'rownames', 'key', 'serial'],
    ...['PassengerId', '#', 'whatever', 'frame no.'],
  ])('in the first place, is left out, called %s', async (name) => {
    for (const start of [0, 1]) {
      const rows = [0, 1, 2].map((i) => `${start + i},${i / 2},${i % 2}\n`);
      const set = await opened(written('first.csv', `${name},a,label\n${rows.join('')}`));
      expect(set).toMatchObject({ rows: [0, 0.5, 1], labels: [0, 1, 0] });
      expect(set.notes).toEqual([`"${name}" is left out: an index; name \`features\` to take more.`]);
    }
  });

  it('in another place, or without counting every row, needs a usual name', async () => {
    expect(await opened(written('key.csv', 'a,Key\n1,12\n2,11\n'))).toMatchObject({ rows: [1, 2] });
    for (const text of ['a,b\n5,0\n6,1\n7,2\n', 'a,b\n0,5\n1,5\n3,5\n', 'a,b\n2,5\n3,5\n4,5\n'])
      expect(await opened(written('kept.csv', text))).toMatchObject({ dim: 2, notes: [] });
    const late = Array.from({ length: 70_000 }, (_, i) => `${i === 69_999 ? 0 : i},1.5`);
    expect(await opened(written('late.csv', `a,b\n${late.join('\n')}\n`))).toMatchObject({ dim: 2 });
    expect(await opened(written('alone.csv', 'a,label\n0,1\n1,0\n2,1\n'))).toMatchObject({ rows: [0, 1, 2] });
  });

  it('is not among `columns`, which put another table in their order', async () => {
    await using first = await openFeatures(written('order.csv', 'id,a,b,label\n7,1,2,0\n9,3,4,1\n'));
    expect(first.columns).toEqual(['a', 'b']);
    const turned = written('turned.csv', 'b,id,a\n2,7,1\n4,9,3\n');
    await using second = await openFeatures(turned, { features: first.columns! });
    expect([...(await second.rows(0, 2))]).toEqual([1, 2, 3, 4]);
  });

  it('names of columns that are numbers, beside an unnamed index, are names', async () => {
    expect(await opened(written('range.csv', ',0,1\n0,0.5,2\n1,1.5,3\n'))).toMatchObject({
      rows: [0.5, 2, 1.5, 3],
    });
  });

  it.for(['csv', 'parquet'])('in a DataFrame written as %s, is left out', async (format, context) => {
    const path = sharedOrSkip(context, `data/strangers/pandas_index.${format}`);
    const { dim, labels, notes } = await opened(path);
    expect({ dim, labels: labels?.length }).toEqual({ dim: 4, labels: 6 });
    expect(notes[0]).toMatch(/is left out: an index/);
  });
});
