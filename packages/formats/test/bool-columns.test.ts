/** True and False in a CSV: numbers as features, as Parquet's are; words as labels. And columns of one name. */
import { describe, expect, it } from 'vitest';
import { encodeParquet, openArrays, openFeatures, readLabels } from '../src/index.ts';
import { opened, written } from './written.ts';

describe('a column of True and False', () => {
  it.each(['a,flag\n0.5,True\n1.5,False\n', 'a,flag\n0.5,TRUE\n1.5, false \n', '0.5,true\n1.5,false\n'])(
    '%j holds features of 1 and 0',
    async (text) => {
      const flags = { shape: [2], dtype: 'bool', data: Uint8Array.of(1, 0) } as const;
      const a = { shape: [2], data: Float32Array.of(0.5, 1.5) };
      const { rows } = await opened(written('flags.csv', text));
      expect(rows).toEqual((await opened(written('flags.parquet', encodeParquet({ a, flags })))).rows);
    },
  );

  it('takes a blank as it takes one among numbers, and no other word', async () => {
    const blank = written('flags.csv', 'a,flag\n1,True\n2,\n');
    expect(await opened(blank, { nulls: 'nan' })).toMatchObject({ rows: [1, 1, 2, Number.NaN] });
    await expect(opened(blank)).rejects.toThrow(/flags.csv:3: expected a number in the column "flag"/);
    const words = await opened(written('flags.csv', 'a,flag\n1,True\n2,maybe\n'));
    expect(words).toMatchObject({ rows: [1, 2], notes: ['"flag" is left out: no numbers.'] });
    const late = await openFeatures(written('late.csv', `a,flag\n${'1,True\n'.repeat(1500)}1,maybe\n`));
    await expect(late.rows(0, 1501)).rejects.toThrow(/late.csv:1502: .* but it holds "maybe"/);
    await late.close();
  });

  it('is named by its words as labels, and read as texts and numbers', async () => {
    const path = written('flags.csv', 'a,label\n1,True\n2,False\n3,True\n');
    expect(await readLabels(path)).toEqual({ labels: Int32Array.of(1, 0, 1), classNames: ['False', 'True'] });
    await using file = await openArrays(path);
    expect(await file.readTexts('label')).toEqual(['True', 'False', 'True']);
    expect((await file.read('label')).data).toEqual(Float64Array.of(1, 0, 1));
  });

  it('without a header is all data', async () => {
    const { rows } = await opened(written('flags.csv', 'True,0.5\nFalse,1.5\nTrue,2.5\n'));
    expect(rows).toEqual([1, 0.5, 0, 1.5, 1, 2.5]);
    expect((await opened(written('flags.csv', 'False,0.5\nTrue,1.5\n'))).rows).toEqual([0, 0.5, 1, 1.5]);
  });
});

describe('columns of one name', () => {
  it('are told apart by their number', async () => {
    const path = written('twice.csv', 'a,a,b,a (2),a\n1,2,3,4,5\n');
    await using file = await openArrays(path);
    expect(file.arrays.map(({ name }) => name)).toEqual(['a', 'a (3)', 'b', 'a (2)', 'a (4)']);
    expect((await file.read('a (3)')).data).toEqual(Float64Array.of(2));
    expect(await opened(path, { features: ['a (4)', 'a'] })).toMatchObject({ rows: [5, 1] });
  });

  it('of labels are no features either', async () => {
    const set = await opened(written('twice.csv', 'x,label,label\n0.5,1,0\n1.5,0,1\n'));
    expect(set).toMatchObject({ rows: [0.5, 1.5], labels: [1, 0] });
    expect(set.notes[0]).toMatch(/"label \(2\)" is left out: the labels are those of "label"/);
  });
});
