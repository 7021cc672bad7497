import { random } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { compareDataSets, compareMethods, compareSeeds, wilcoxon } from '../src/index.ts';

const LABELS = Int32Array.from({ length: 120 }, (_, i) => Math.floor(i / 40));
const COUNTS = [500, 50, 5];
const { uniform } = random(2, 'seeds');
const run = (share: number) => LABELS.map((c) => (uniform() < share ? c : (c + 1) % 3));
const runs = (share: number, seeds: number) => Array.from({ length: seeds }, () => run(share));
const drawing = { replicates: 300 };

describe('several seeds', () => {
  it('fewer than five are dots: no interval, no p-value, no verdict', () => {
    const [first, second] = [runs(0.9, 4), runs(0.5, 4)];
    const found = compareSeeds(first, second, LABELS, COUNTS, drawing);
    expect(found.all.difference).toBeNull();
    for (const [seed, dot] of found.few!.seeds.entries())
      expect(dot).toBeCloseTo(
        compareMethods(first[seed]!, second[seed]!, LABELS, COUNTS, drawing).few!.difference,
        12,
      );
    expect(found.few!.mean).toBeCloseTo(found.few!.seeds.reduce((a, b) => a + b, 0) / 4, 12);
  });

  it('five and more get a verdict, the same for rows in another order, and the negative when exchanged', () => {
    const [first, second] = [runs(0.9, 6), runs(0.5, 6)];
    const { all } = compareSeeds(first, second, LABELS, COUNTS, drawing);
    expect(all.difference).toMatchObject({ difference: all.mean, verdict: 'better' });
    const turn = (lists: Int32Array[]) => lists.map((list) => list.toReversed());
    expect(compareSeeds(turn(first), turn(second), LABELS.toReversed(), COUNTS, drawing).all).toEqual(all);
    const back = compareSeeds(second, first, LABELS, COUNTS, drawing).all;
    expect(back.mean).toBeCloseTo(-all.mean, 12);
    expect(back.difference!.verdict).toBe('worse');
  });

  it('of the same predictions are undecided with p = 1, and a group without rows is null', () => {
    const first = runs(0.7, 5);
    const found = compareSeeds(first, first, LABELS, [500, 50, 30], drawing);
    expect(found.all.difference).toMatchObject({ difference: 0, p: 1, verdict: 'undecided' });
    expect(found.few).toBeNull();
  });

  it('are wider than one seed where seeds differ, and rows are not averaged away where they do not', () => {
    const [a, b] = [run(0.7), run(0.6)];
    const same = (list: Int32Array) => Array.from({ length: 5 }, () => list);
    const alike = compareSeeds(same(a), same(b), LABELS, COUNTS).all.difference!;
    const one = compareMethods(a, b, LABELS, COUNTS).all;
    expect(Math.abs(alike.standardError / one.standardError - 1)).toBeLessThan(0.07);
  });

  it('cover the truth 19 times in 20 with five seeds', () => {
    const { normal, uniform } = random(5, 'coverage');
    const labels = Int32Array.from({ length: 3000 }, (_, i) => Math.floor(i / 1000));
    const method = () =>
      Array.from({ length: 5 }, () => {
        const share = 0.6 + 0.1 * normal();
        return labels.map((c) => (uniform() < share ? c : (c + 1) % 3));
      });
    const found = Array.from(
      { length: 200 },
      () => compareSeeds(method(), method(), labels, COUNTS, { replicates: 200 }).all.difference!,
    );
    const covering = found.filter(({ low, high }) => low <= 0 && 0 <= high).length / found.length;
    const wrong = found.filter(({ verdict }) => verdict !== 'undecided').length / found.length;
    expect(covering).toBeGreaterThan(0.92);
    expect(wrong).toBeLessThan(0.08);
  });

  it('refuse unequal numbers of seeds, and name the seed', () => {
    expect(() => compareSeeds(runs(0.5, 2), runs(0.5, 3), LABELS, COUNTS)).toThrow('there are 2 and 3');
    expect(() => compareSeeds([run(0.5), [0]], runs(0.5, 2), LABELS, COUNTS)).toThrow(
      'first[1] must hold a class',
    );
  });
});

describe('several data sets', () => {
  it('give ranks, the critical difference and adjusted pairs', () => {
    const { normal } = random(0, 'sets');
    const scores = Array.from({ length: 20 }, () => [0.8, 0.7, 0.7].map((base) => base + 0.02 * normal()));
    const { friedman, pairs, criticalDifference } = compareDataSets(scores);
    expect(friedman.p).toBeLessThan(1e-4);
    expect(friedman.meanRanks[0]).toBeLessThan(friedman.meanRanks[1]! - criticalDifference);
    expect(pairs.map(({ first, second, verdict }) => [first, second, verdict])).toEqual([
      [0, 1, 'better'],
      [0, 2, 'better'],
      [1, 2, 'undecided'],
    ]);
    for (const { p, adjusted } of pairs) expect(adjusted).toBeGreaterThanOrEqual(p);
  });

  it('are undecided where ranks and the mean point to different methods', () => {
    const small = Array.from({ length: 20 }, (_, i) => [0.5 + (i + 1) / 1000, 0.5, 0.4]);
    const [pair, other] = compareDataSets([...small, [0.1, 0.8, 0.05]]).pairs;
    expect(pair!.adjusted).toBeLessThan(0.01);
    expect(pair!.difference).toBeLessThan(0);
    expect([pair!.verdict, other!.verdict]).toEqual(['undecided', 'better']);
  });

  it('of equal methods tell nothing', () => {
    const equal = compareDataSets([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(equal.friedman).toEqual({ statistic: 0, p: 1, meanRanks: [2, 2, 2] });
    expect(equal.pairs.every(({ adjusted, verdict }) => adjusted === 1 && verdict === 'undecided')).toBe(
      true,
    );
    expect(wilcoxon([1, 2], [1, 2])).toEqual({ statistic: 0, p: 1 });
    expect(wilcoxon([1, 2, 5], [3, 1, 1]).p).toBe(wilcoxon([3, 1, 1], [1, 2, 5]).p);
  });
});
