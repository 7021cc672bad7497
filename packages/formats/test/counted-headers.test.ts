/** The names 0, 1, 2, ..., that `DataFrame.to_csv(index=False)` writes above columns without any. */
import { describe, expect, it } from 'vitest';
import { openArrays, openFeatures, readLabels } from '../src/index.ts';
import { opened, written } from './written.ts';

describe('a first row that counts', () => {
  it('holds names, with a note, unless it is said to be data', async () => {
    const path = written('X.csv', '0,1,2\n0.5,1.5,2\n3.5,4.5,1\n');
    const set = await opened(path);
    expect(set).toMatchObject({ rows: [0.5, 1.5, 2, 3.5, 4.5, 1], labels: undefined });
    expect(set.notes).toEqual([
      'the first row, "0 1 2", was taken as names; say `header: false` if it is data.',
    ]);
    expect(await opened(path, { labels: '2' })).toMatchObject({ rows: [0.5, 1.5, 3.5, 4.5], labels: [2, 1] });
    expect(await opened(path, { header: false })).toMatchObject({ rows: { length: 9 }, notes: [] });
    expect(await opened(path, { header: true })).toMatchObject({ rows: { length: 6 }, notes: [] });
    expect((await readLabels(path, { labels: '2' })).labels).toEqual(Int32Array.of(2, 1));
    expect(await opened(written('text.csv', '"0","1"\n0.5,cat\n'), { labels: '1' })).toMatchObject({
      rows: [0.5],
      classNames: ['cat'],
    });
  });

  it.each(['1,2,3', '0,2,1', '0,1.0,2', '0,1,2,4'])('%s is data', async (first) => {
    const text = `${first}\n${first.replaceAll(/\d+/g, '9')}\n`;
    expect(await opened(written('data.csv', text))).toMatchObject({
      rows: { length: first.split(',').length * 2 },
    });
  });

  it('as a lone 0 is refused until `header` says what it is', async () => {
    const path = written('y.csv', '0\n2\n1\n');
    const refusal = /y\.csv:1: expected .* a 0 alone may be either; say `header: true` .* or `header: false`/;
    await expect(readLabels(path)).rejects.toThrow(refusal);
    await expect(openFeatures(path)).rejects.toThrow(refusal);
    await expect(openArrays(path)).rejects.toThrow(refusal);
    expect((await readLabels(path, { header: true })).labels).toEqual(Int32Array.of(2, 1));
    expect((await readLabels(path, { header: false })).labels).toEqual(Int32Array.of(0, 2, 1));
    expect((await readLabels(written('y.csv', '0\ncat\nowl\n'))).classNames).toEqual(['cat', 'owl']);
  });
});
