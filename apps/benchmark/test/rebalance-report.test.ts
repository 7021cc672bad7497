/** `--slices`, `--report` and `--json`: accuracies by what is known of the test rows, and the page that has everything. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { encodeCsv, encodeNpy, encodeParquet, float16Of } from '@longtail/formats';
import { afterAll, describe, expect, it } from 'vitest';
import { readSlices, slicesOf } from '../src/rebalance/slices.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const write = (name: string, bytes: Uint8Array): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};

/** Two classes; the second half of a file's rows has no signal. */
function table(counts: readonly number[], key: string): Parameters<typeof encodeCsv>[0] {
  const generator = random(0, key);
  const label = generator.shuffle(counts.flatMap((n, c) => Array<string>(n).fill(['<auk>', 'wren'][c]!)));
  const data = Float32Array.from({ length: label.length * 4 }, (_, i) => {
    const row = Math.floor(i / 4);
    const isClear = key !== 'test' || row < label.length / 2;
    return generator.normal() + (isClear && label[row] === 'wren' ? 2 : 0);
  });
  return { x: { shape: [label.length, 4], data }, label };
}

const column = (values: readonly number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

describe('slices', () => {
  const hits = new Map([
    ['logistic', Uint8Array.of(2, 0, 2, 2, 0, 1)],
    ['ncm', Uint8Array.of(2, 2, 2, 2, 2, 2)],
  ]);
  const board = { hits, seedsOfHits: 2, places: Int32Array.of(0, 1, 2, 3, 4, 5) };

  it('have the share of rows that are right, by head, with their rows', async () => {
    const camera = ['a', 'b', 'a', 'a', 'b', 'b'];
    for (const path of [
      write('s.csv', encodeCsv({ camera, hour: column([1, 1, 1, 1, 2, 2]) })),
      write('s.parquet', encodeParquet({ camera, hour: column([1, 1, 1, 1, 2, 2]) })),
    ]) {
      const found = slicesOf(await readSlices(path, { rows: 6 }), board);
      expect(found.map(({ column: name, value, rows, isSmall }) => [name, value, rows, isSmall])).toEqual([
        ['camera', 'a', 3, true],
        ['camera', 'b', 3, true],
        ['hour', '1', 4, true],
        ['hour', '2', 2, true],
      ]);
      expect(found.map(({ accuracy }) => accuracy.logistic)).toEqual([1, 1 / 6, 0.75, 0.25]);
      expect(found.every(({ accuracy }) => accuracy.ncm === 1)).toBe(true);
    }
  });

  it('of halves are their numbers, not their bits', async () => {
    const hour = column([1, 1.5, 1, 1, 1.5, 1]);
    const half = { shape: [6], dtype: 'float16' as const, data: float16Of(hour) };
    const found = slicesOf(await readSlices(write('half.npy', encodeNpy(half)), { rows: 6 }), board);
    expect(found.map(({ value, rows }) => [value, rows])).toEqual([['1', 4], ['1.5', 2]]); // biome-ignore format: one line
  });

  it('of many numbers are quarters of the rows; of many texts the rarest are one', async () => {
    const values = Array.from({ length: 200 }, (_, i) => i);
    const names = values.map((i) => (i < 80 ? 'frequent' : `name ${i}`));
    const path = write('many.csv', encodeCsv({ values: column(values), names }));
    const places = Int32Array.from(values);
    const many = { hits: new Map([['logistic', new Uint8Array(200).fill(1)]]), seedsOfHits: 1, places };
    const found = slicesOf(await readSlices(path, { rows: 200 }), many);
    const of = (name: string) => found.filter(({ column: own }) => own === name);
    expect(of('values').map(({ rows }) => rows)).toEqual([50, 50, 50, 50]);
    expect(of('values')[0]!.value).toBe('1/4: 0 to 49');
    expect(of('names')).toHaveLength(20);
    expect(of('names').map(({ value, rows }) => [value, rows])).toContainEqual(['102 others', 102]);
    expect(found.reduce((sum, { rows }) => sum + rows, 0)).toBe(400);
  });

  it('of another number of rows are refused, naming the column', async () => {
    const path = write('short.csv', encodeCsv({ camera: ['a', 'b'] }));
    await expect(readSlices(path, { rows: 6 })).rejects.toThrow(
      /expected columns of 6 rows in .*short\.csv, .* but "camera" is \[2\]/,
    );
  });
});

describe('the command', { timeout: 120_000 }, () => {
  it('writes one page that needs nothing else, a folder of findings, and all of it as JSON', async () => {
    const train = write('train.csv', encodeCsv(table([80, 40], 'train')));
    const test = write('test.parquet', encodeParquet(table([40, 40], 'test')));
    const half = Array.from({ length: 80 }, (_, i) => (i < 40 ? 'clear' : 'no <signal>'));
    const slices = write('halves.csv', encodeCsv({ half }));
    const flags = ['--test', test, '--slices', slices, '--report', at('page/r.html'), '--audit', at('audit')];
    const ended = await longtail([
      'rebalance',
      train,
      ...flags,
      '--seeds',
      '2',
      '--heads',
      'ncm,crt',
      '--json',
    ]);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    const found = JSON.parse(ended.stdout);
    expect(found).toMatchObject({
      ...{ schema: 'longtail.rebalance/1', seed: 0, seeds: 2, leftOut: [] },
      selection: { how: 'train-folds', isWarning: false },
      audit: { wrongLabels: expect.any(Array), outliers: expect.any(Array) },
    });
    const [logistic, , crt] = found.heads;
    expect(logistic).toMatchObject({ select: 'train-folds', selectReason: expect.stringMatching(/3 folds/) });
    expect(crt.seeds.map(({ seed }: { seed: number }) => seed)).toEqual([0, 1]);
    const [clear, none] = found.slices;
    expect([clear.value, clear.rows, clear.isSmall, none.rows]).toEqual(['clear', 40, false, 40]);
    expect(clear.accuracy.logistic).toBeGreaterThan(0.9);
    expect(none.accuracy.logistic).toBeLessThan(0.75); // 0.5 and 3 deviations of 40 rows

    const page = readFileSync(at('page/r.html'), 'utf8');
    expect(page).not.toMatch(/(src|href)=|@import|<script/);
    expect(page).not.toMatch(/no <signal>|<auk>/);
    for (const part of [
      'Leaderboard',
      'Groups',
      'Slices',
      'Hyper-parameters',
      'Audit',
      'no &lt;signal&gt;',
      '<td>train-folds</td>',
    ])
      expect(page).toContain(part);
    expect(page.match(/<circle/g)).toHaveLength(1 + 1 + 2); // a dot a seed
    for (const name of ['not-finite', 'twice', 'constant-columns', 'wrong-labels', 'outliers'])
      expect(readFileSync(join(at('audit'), `${name}.csv`), 'utf8')).toMatch(/^[a-z_,]+\n/);
  });

  it('shows slices in the terminal, and refuses a table of other rows before anything is fitted', async () => {
    const file = write('small.csv', encodeCsv(table([20, 20], 'small')));
    const slices = write(
      'third.csv',
      encodeCsv({ third: Array.from({ length: 40 }, (_, i) => `no ${i % 3}`) }),
    );
    const shown = await longtail(['rebalance', file, '--slices', slices, '--heads', 'ncm']);
    expect(shown.stdout).toMatch(/^accuracy by slice, % +rows +logistic/m);
    expect(shown.stdout).toMatch(/^third = no 0 +14 ! +\d/m);
    const other = write('other.csv', encodeCsv({ third: ['a'] }));
    const refused = await longtail(['rebalance', file, '--slices', other, '--report', at('never.html')]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/expected columns of 40 rows/)]);
    expect(() => readFileSync(at('never.html'))).toThrow();
  });
});
