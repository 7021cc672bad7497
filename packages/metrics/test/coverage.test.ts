/** How often intervals of 95 % hold what is true, on drawn rows of a fixed seed; three deviations of 2000 sets are 1.5 %. */
import { random } from '@longtail/core';
import { expect, it } from 'vitest';
import { compareMethods, compareSeeds, scoreIntervals, wilson } from '../src/index.ts';

const { uniform, normal } = random(11, 'coverage');
const LABELS = Int32Array.from({ length: 300 }, (_, i) => (i < 120 ? 0 : i < 210 ? 1 : 2));
const COUNTS = [500, 50, 5];
const draw = (shares: readonly number[]) => LABELS.map((c) => (uniform() < shares[c]! ? c : (c + 1) % 3));

it("Wilson's: 95 % over shares, none below 90 %", () => {
  const shares = [0.05, 0.2, 0.5, 0.8, 0.95];
  const covered = shares.map((share) => {
    let held = 0;
    for (let set = 0; set < 2000; set++) {
      let hits = 0;
      for (let row = 0; row < 50; row++) hits += Number(uniform() < share);
      const { low, high } = wilson(hits, 50)!;
      held += Number(low <= share && share <= high);
    }
    return held / 2000;
  });
  for (const share of covered) expect(share).toBeGreaterThan(0.9); // hits are whole numbers
  expect(Math.abs(covered.reduce((a, b) => a + b, 0) / shares.length - 0.95)).toBeLessThan(0.015);
});

it('BCa, of scores and of paired differences', () => {
  const [sets, shares, gains] = [1000, [0.9, 0.6, 0.3], [-0.05, 0.05, 0.2]];
  const held = { few: 0, meanOfClasses: 0, difference: 0 };
  for (let set = 0; set < sets; set++) {
    const first = draw(shares);
    // The other keeps 70 % of the first's answers, and for the rest is right in such shares that its own are shares + gains.
    const other = draw(shares.map((share, c) => share + gains[c]! / 0.3));
    const second = first.map((c, i) => (uniform() < 0.7 ? c : other[i]!));
    const options = { replicates: 400, seed: set };
    const { few, meanOfClasses } = scoreIntervals(first, LABELS, COUNTS, options);
    const { meanOfClasses: gap } = compareMethods(second, first, LABELS, COUNTS, options);
    held.few += Number(few!.low <= 0.3 && 0.3 <= few!.high);
    held.meanOfClasses += Number(meanOfClasses.low <= 0.6 && 0.6 <= meanOfClasses.high);
    held.difference += Number(gap.low <= 0.2 / 3 && 0.2 / 3 <= gap.high);
  }
  // 400 replicates and 90 rows take about a point; three deviations of 1000 sets are 2 %.
  for (const count of Object.values(held)) {
    expect(count / sets).toBeGreaterThan(0.92);
    expect(count / sets).toBeLessThan(0.975);
  }
});

it('of a group that is hardly ever hit, and of one that hardly ever is not: no less than near 95 %', () => {
  const [sets, shares] = [600, [0.995, 0.99, 0.005]];
  const held = { many: 0, few: 0 };
  for (let set = 0; set < sets; set++) {
    const { many, few } = scoreIntervals(draw(shares), LABELS, [500, 50, 5], { replicates: 200, seed: set });
    held.many += Number(many!.low <= 0.995 && 0.995 <= many!.high);
    held.few += Number(few!.low <= 0.005 && 0.005 <= few!.high);
  }
  for (const count of Object.values(held)) expect(count / sets).toBeGreaterThan(0.92);
});

it('of classes of one test row, which are drawn together in their group: near 95 %, and wide where classes differ', () => {
  const [sets, classes] = [400, 60];
  const counts = Array.from({ length: classes }, (_, c) => (c < 20 ? 500 : 5));
  const labels = Int32Array.from(counts.keys());
  const held = { few: 0, meanOfClasses: 0, difference: 0, differing: 0 };
  for (let set = 0; set < sets; set++) {
    const hitBy = (share: (c: number) => number) =>
      labels.map((c) => (uniform() < share(c) ? c : (c + 1) % classes));
    const options = { replicates: 300, seed: set };
    const alike = hitBy((c) => (c < 20 ? 0.9 : 0.3));
    const { few, meanOfClasses } = scoreIntervals(alike, labels, counts, options);
    const gap = compareMethods(
      hitBy((c) => (c < 20 ? 0.8 : 0.5)),
      alike,
      labels,
      counts,
      options,
    ).few!;
    const other = scoreIntervals(
      hitBy((c) => (c % 2 ? 0.9 : 0.1)),
      labels,
      counts,
      options,
    ).few!;
    held.few += Number(few!.low <= 0.3 && 0.3 <= few!.high);
    held.meanOfClasses += Number(meanOfClasses.low <= 0.5 && 0.5 <= meanOfClasses.high);
    held.difference += Number(gap.low <= 0.2 && 0.2 <= gap.high);
    held.differing += Number(other.low <= 0.5 && 0.5 <= other.high);
  }
  for (const count of [held.few, held.meanOfClasses, held.difference]) {
    expect(count / sets).toBeGreaterThan(0.91);
    expect(count / sets).toBeLessThan(0.98);
  }
  expect(held.differing / sets).toBeGreaterThan(0.98);
});

it('over seeds and rows that are as hard for every seed: near 95 % at five seeds, where one seed holds far fewer', () => {
  const [sets, seeds] = [300, 5];
  const held = { seeds: 0, one: 0 };
  for (let set = 0; set < sets; set++) {
    const luck = Array.from(LABELS, () => uniform()); // the test set's, of all seeds
    const runs = Array.from({ length: seeds }, () => {
      const more = 0.2 + 0.06 * normal();
      const only = (low: number, high: number) =>
        LABELS.map((c, i) => (luck[i]! >= low && luck[i]! < high ? (c + 1) % 3 : c));
      return [only(0.9, 1), only(0, more)] as const; // only the first is right on `more` of the rows, only the second on a tenth
    });
    const options = { replicates: 300, seed: set };
    const [first, second] = [runs.map(([one]) => one), runs.map(([, other]) => other)];
    const { difference } = compareSeeds(first, second, LABELS, COUNTS, options).all;
    const one = compareMethods(first[0]!, second[0]!, LABELS, COUNTS, options).all;
    held.seeds += Number(difference!.low <= 0.1 && 0.1 <= difference!.high);
    held.one += Number(one.low <= 0.1 && 0.1 <= one.high);
  }
  expect(held.seeds / sets).toBeGreaterThan(0.9);
  expect(held.one / sets).toBeLessThan(0.75);
});

it('equal methods differ in 5 % of test sets at most, to within chance, whatever rows weigh', () => {
  const [sets, found] = [1500, { all: 0, meanOfClasses: 0, few: 0 }];
  for (let set = 0; set < sets; set++) {
    const [first, second] = [draw([0.9, 0.6, 0.3]), draw([0.9, 0.6, 0.3])];
    const all = compareMethods(first, second, LABELS, COUNTS, { replicates: 200, seed: set });
    for (const column of ['all', 'meanOfClasses', 'few'] as const)
      found[column] += Number(all[column]!.verdict !== 'undecided');
  }
  for (const count of Object.values(found)) expect(count / sets).toBeLessThan(0.05 + 0.017); // three of sqrt(.05 .95 / 1500)
});
