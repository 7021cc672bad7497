import { sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
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
