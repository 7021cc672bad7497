/** What a run's test pictures say of its rows: which pairs, by which test, and that they survive the file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { evaluate } from '@longtail/metrics';
import { resultsSchema } from '@longtail/report/results';
import { madeUpResults } from '@longtail/report/testing';
import { describe, expect, it } from 'vitest';
import { compareRows, type TestedRow } from '../src/compare-rows.ts';
import { evaluateRun } from '../src/evaluate-run.ts';
import { run } from './tiny-run.ts';

const COUNTS = [500, 300, 150, 60, 30, 25, 12, 8, 5];
const LABELS = Int32Array.from({ length: 900 }, (_, i) => Math.floor(i / 100));
const options = { groupRule: 'official', seed: 0 } as const;

/** Head, middle and tail classes are right in these shares. */
function tested(sampler: string, classifier: string, shares: readonly number[], labels = LABELS): TestedRow {
  const { uniform } = random(0, sampler, classifier);
  const predictions = labels.map((c) => (uniform() < shares[Math.floor(c / 3)]! ? c : (c + 1) % 9));
  const scores = evaluate(predictions, labels, COUNTS);
  return { row: { sampler, classifier, chosen: {}, scores }, labels, predictions };
}

const of = (sampler: string, lift: number, labels = LABELS): TestedRow[] => [
  tested(sampler, 'joint', [0.9, 0.5, 0.1], labels),
  tested(sampler, 'crt', [0.85, 0.6 + lift, 0.4 + lift], labels),
  tested(sampler, 'tau', [0.85 - lift, 0.6 + lift, 0.4 + lift], labels),
];

describe('the comparisons of a run', () => {
  const all = [...of('class-balanced', -0.2), ...of('instance-balanced', 0.1)];
  const found = compareRows(all, COUNTS, options);
  const one = (question: string, first: string, second: string, column: string) =>
    found.find(
      (each) =>
        each.question === question &&
        `${each.first.sampler} ${each.first.classifier}` === first &&
        `${each.second.sampler} ${each.second.classifier}` === second &&
        each.first.column === column,
    );

  it('have each classifier beside the joint head, each sampler beside the instance-balanced one, head beside tail', () => {
    const few = one(
      'classifiers on instance-balanced',
      'instance-balanced crt',
      'instance-balanced joint',
      'few',
    )!;
    expect(few).toMatchObject({ verdict: 'better', second: { column: 'few' } });
    const [crt, joint] = ['crt', 'joint'].map(
      (name) => all.find(({ row }) => row.sampler === 'instance-balanced' && row.classifier === name)!.row,
    );
    expect(few.difference).toBeCloseTo(crt!.scores.few! - joint!.scores.few!, 12);
    expect(few.low < few.difference && few.difference < few.high).toBe(true);
    const beside = 'instance-balanced to other samplers';
    expect(one(beside, 'instance-balanced crt', 'class-balanced crt', 'all')!.verdict).toBe('better');
    expect(found.filter(({ question }) => question === beside)).toHaveLength(5); // three alike, best to best and to joint
    const gaps = found.filter(({ question }) => question === 'head to tail');
    expect(gaps.map(({ first, second, verdict }) => [first.column, second.column, verdict])).toEqual([
      ['many', 'few', 'better'],
    ]);
  });

  it('are adjusted over their own question alone', () => {
    for (const question of new Set(found.map((each) => each.question))) {
      const own = found.filter((each) => each.question === question);
      const least = own.reduce((a, b) => (b.p < a.p ? b : a));
      expect(least.adjusted).toBeCloseTo(Math.min(1, own.length * least.p), 12);
      for (const { p, adjusted, verdict } of own) {
        expect(adjusted).toBeGreaterThanOrEqual(p);
        expect(verdict === 'undecided').toBe(adjusted > 0.05);
      }
    }
  });

  it('of a row by itself, or of a set of one group, say nothing', () => {
    const [joint] = of('instance-balanced', 0);
    const same = { ...joint!, row: { ...joint!.row, classifier: 'crt' } };
    for (const each of compareRows([joint!, same], COUNTS, options).filter(
      ({ first }) => first.classifier === 'crt',
    ))
      expect(each).toMatchObject({ difference: 0, p: 1, adjusted: 1, verdict: 'undecided' });
    const heads = LABELS.filter((c) => c < 3);
    const single = compareRows(of('instance-balanced', 0, heads), COUNTS, options);
    expect(new Set(single.map(({ first }) => first.column))).toEqual(new Set(['many', 'all']));
    expect(single.some(({ question }) => question === 'head to tail')).toBe(false);
  });

  it('leave out samplers that were tested on other pictures', () => {
    const other = [...of('instance-balanced', 0), ...of('class-balanced', 0, LABELS.toReversed())];
    expect(new Set(compareRows(other, COUNTS, options).map(({ question }) => question))).toEqual(
      new Set(['classifiers on instance-balanced', 'classifiers on class-balanced', 'head to tail']),
    );
  });

  it('go into results.json and come back', () => {
    const results = { ...madeUpResults(all.map(({ row }) => row)), comparisons: found };
    expect(resultsSchema.parse(JSON.parse(JSON.stringify(results)))).toEqual(results);
  });
});

describe('a run', { timeout: 120_000 }, () => {
  it('has them, and the same ones whenever it is evaluated', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longtail-comparisons-'));
    try {
      const { comparisons } = await run(folder);
      // 6 test pictures of three few-shot classes: four classifiers, in `few` and `all`, and no head to have a gap to.
      expect(comparisons!.map(({ question }) => question)).toEqual(
        Array(8).fill('classifiers on instance-balanced'),
      );
      expect((await evaluateRun(folder)).comparisons).toEqual(comparisons);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
