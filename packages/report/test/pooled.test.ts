import { describe, expect, it } from 'vitest';
import { pooled, sideBySide } from '../src/pooled.ts';
import { comparisonHtml } from '../src/pooled-page.ts';
import { pooledCsv, pooledLines, pooledMarkdown } from '../src/pooled-tables.ts';
import type { Results } from '../src/results.ts';
import { testPicturesNote } from '../src/test-pictures.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';
import { wholeResults } from './whole-results.ts';

function run(seed: number, few: number, change: Partial<Results> = {}): Results {
  const rows = ['joint', 'crt'].map((classifier) =>
    madeUpRow('instance-balanced', classifier, [0.9, 0.5, few]),
  );
  return { ...madeUpResults(rows), seed, ...change };
}

describe('pooled', () => {
  it('takes seeds of a recipe together, whatever their order, and keeps each value', () => {
    const [pool, ...others] = pooled([run(1, 0.2), run(0, 0.4)]);
    expect(others).toEqual([]);
    expect(pool).toMatchObject({ name: 'made-up', seeds: [1, 0] });
    expect(pool!.rows[1]).toMatchObject({ classifier: 'crt', scores: { few: { values: [0.2, 0.4] } } });
    expect(pool!.rows[1]!.scores.few.mean).toBeCloseTo(0.3, 12);
  });
  it('keeps apart what differs by more than the seed, and says by what', () => {
    const longer = { options: { ...run(0, 0).options, epochs: 9 } };
    const other = { recipe: 'other', options: { depth: 3 } };
    const dataset = { ...run(0, 0).dataset, name: 'elsewhere' };
    const names = (...runs: Results[]) => pooled(runs).map(({ name }) => name);
    expect(names(run(0, 0.1), run(0, 0.2, longer), run(0, 0.1, other))).toEqual([
      'made-up (epochs 3)',
      'made-up (epochs 9)',
      'other',
    ]);
    expect(names(run(0, 0.1), run(0, 0.1, { ...other, dataset }))).toEqual([
      'made-up (on made up)',
      'other (on elsewhere)',
    ]);
  });
  it('keeps apart what was trained or tested on other sets, or by another arithmetic', () => {
    const names = (change: Partial<Results>) => pooled([run(0, 0.1), run(1, 0.1, change)]).map((p) => p.name);
    const { dataset, engine } = run(0, 0);
    const { trainCounts } = dataset;
    expect(names({ dataset: { ...dataset, testSize: 900 } })).toEqual([
      'made-up (tested on 1,800 pictures)',
      'made-up (tested on 900 pictures)',
    ]);
    expect(names({ dataset: { ...dataset, trainCounts: [700, ...trainCounts.slice(1)] } })[1]).toBe(
      'made-up (trained on 1,290 pictures, 700 to 5 a class)',
    );
    expect(names({ dataset: { ...dataset, trainCounts: trainCounts.toReversed() } })).toEqual([
      'made-up',
      'made-up, no. 2',
    ]);
    expect(names({ engine: { ...engine!, autocast: 'bfloat16' } })).toEqual([
      'made-up (autocast none)',
      'made-up (autocast bfloat16)',
    ]);
    expect(names({ engine: { ...engine!, backend: 'wasm' } })[1]).toBe('made-up (backend wasm)');
    const longer = { options: { epochs: 9 }, dataset: { ...dataset, testSize: 900 } };
    expect(names(longer)[1]).toMatch(/^made-up \(epochs 9[^1-8]*\)$/);
  });
  it('has null for what a run lacks, and means of the others', () => {
    const [crt] = pooled([
      run(0, 0.2),
      { ...run(1, 0.4), rows: run(1, 0.4).rows.slice(0, 1) },
    ])[0]!.rows.slice(1);
    expect(crt!.scores.few).toEqual({ mean: 0.2, values: [0.2, null] });
  });
  it('refuses a seed that is there twice', () => {
    expect(() => pooled([run(0, 0.1), run(0, 0.1)])).toThrow(/seed 0 is there twice; give each run once\./);
    expect(pooled([run(0, 0.1), run(0, 0.1, { recipe: 'other' })])).toHaveLength(2);
  });
  it('says where runs of a pool were tested on other pictures, as it may be meant', () => {
    const [provenance] = wholeResults().made!;
    const testedOn = (test: string) => ({ made: [{ ...provenance!, pictures: { train: 'a', test } }] });
    const sameIn = (runs: Results[]) => pooled(runs)[0]!.sameTestPictures;
    expect(sameIn([run(0, 0.1, testedOn('b')), run(1, 0.1, testedOn('b'))])).toBe(true);
    expect(sameIn([run(0, 0.1, testedOn('b')), run(1, 0.1)])).toBeNull();
    const others = [run(0, 0.1, testedOn('b')), run(1, 0.1, testedOn('c'))];
    expect(sameIn(others)).toBe(false);
    expect(testPicturesNote(pooled(others))).toMatch(/^made-up: not all runs were tested on the same/);
    expect(pooledMarkdown(others)).toContain('not all runs were tested on the same pictures');
    expect(pooledMarkdown([run(0, 0.1), run(1, 0.1)])).not.toContain('not all runs');
    expect(() => pooled([others[0]!, run(0, 0.1, testedOn('c'))])).toThrow(
      /seed 0 is there for two sets of test pictures; give those of one set\./,
    );
  });
  it('puts pools beside one another, row by row', () => {
    const rows = sideBySide(pooled([run(0, 0.1), run(0, 0.3, { recipe: 'other' })]));
    expect(rows.map(({ classifier, of }) => [classifier, of.length])).toEqual([
      ['joint', 2],
      ['crt', 2],
    ]);
  });
});

describe('tables of pools', () => {
  const runs = [run(0, 0.1), run(1, 0.3), run(0, 0.4, { recipe: 'a|b' })];
  it('have the mean and the standard deviation of each score, which one run has not', () => {
    const [joint] = pooledLines(runs);
    expect(joint).toMatchObject({ pool: 'made-up', classifier: 'joint', seeds: [0, 1] });
    expect(joint!.scores.few.mean).toBeCloseTo(0.2, 12);
    expect(joint!.scores.few.sd).toBeCloseTo(Math.SQRT2 / 10, 12);
    expect(joint!.scores.many.sd).toBeCloseTo(0, 12);
    expect(pooledLines(runs.slice(2))[0]!.scores.few.sd).toBeNull();
  });
  it('are CSV and Markdown', () => {
    const [head, first, ...others] = pooledCsv(runs).trimEnd().split(/\r?\n/);
    expect(head).toMatch(/^pool,sampler,classifier,runs,many,many_sd,.*,macro_f1,macro_f1_sd$/);
    expect(first).toMatch(/^made-up,instance-balanced,joint,2,0\.9,/);
    expect([others.length, first!.split(',').length]).toEqual([3, head!.split(',').length]);
    const table = pooledMarkdown(runs);
    expect(table).toContain('| made-up | instance-balanced | Joint | 2 | **90.0 ± 0.0** |');
    expect(table).toMatch(/\| a\\\|b \| instance-balanced \| cRT \| 1 \| .*\*\*40\.0\*\*/);
  });
});

describe('comparisonHtml', () => {
  it('shows each seed and each mean, and nothing that is not there', async () => {
    const page = await comparisonHtml([run(0, 0.1), run(1, 0.2), run(0, 0.4, { recipe: '<other>' })]);
    expect(page).not.toMatch(/undefined|NaN|\[object|null|p-value/);
    expect(page).toContain('10.0 20.0</small>');
    expect(page).toContain('made-up: 2 runs, seed 0, 1');
    expect(page).toContain('&lt;other&gt;');
    expect(page.match(/<svg/g)).toHaveLength(8); // four panels, for a narrow and a wide place
    expect(page).toContain('aria-label="Few-shot: accuracy of made-up, &lt;other&gt;, a dot a seed');
  });
});
