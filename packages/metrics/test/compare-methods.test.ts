import { random } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjusted,
  bootstrap,
  compareGroups,
  compareMacroF1,
  compareMethods,
  evaluate,
  recallIntervals,
  scoreIntervals,
  wilson,
} from '../src/index.ts';

const COUNTS = [500, 200, 50, 5];
const COLUMNS = ['all', 'many', 'medium', 'few', 'meanOfClasses'] as const;
const drawing = { replicates: 200 };

/** Rows of two methods: the true class, and what each says. */
const rows = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 })), {
  minLength: 1,
  maxLength: 60,
});
const columns = (all: readonly (readonly number[])[]) => [0, 1, 2].map((i) => all.map((row) => row[i]!));

describe('two methods on the same rows', () => {
  it('exchanged give the negative, exactly; with themselves, nothing; rows in another order, the same', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const [labels, a, b] = columns(all) as [number[], number[], number[]];
        const forth = compareMethods(a, b, labels, COUNTS, drawing);
        const back = compareMethods(b, a, labels, COUNTS, drawing);
        const mirrored = all.toReversed();
        const [labels2, a2, b2] = columns(mirrored) as [number[], number[], number[]];
        expect(compareMethods(a2, b2, labels2, COUNTS, drawing)).toEqual(forth);
        const same = compareMethods(a, a, labels, COUNTS, drawing);
        expect(same.mcnemar).toMatchObject({ onlyFirst: 0, exact: 1, midP: 1 });
        for (const column of COLUMNS) {
          const [one, other] = [forth[column], back[column]];
          expect(one === null).toBe(other === null);
          expect(same[column] === null).toBe(one === null);
          if (!one || !other) continue;
          expect(one.difference).toBeCloseTo(
            evaluate(a, labels, COUNTS)[column]! - evaluate(b, labels, COUNTS)[column]!,
            12,
          );
          expect(same[column]).toMatchObject({ difference: 0, p: 1, verdict: 'undecided' });
          expect(same[column]!.low + same[column]!.high).toBeCloseTo(0, 12);
          expect([other.difference + one.difference, other.standardError]).toEqual([0, one.standardError]);
          if (one.difference !== 0)
            expect([-one.high, -one.low]).toEqual([other.low, other.high].map((x) => expect.closeTo(x, 12)));
          expect(other.p).toBeCloseTo(one.p, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of macro-F1 likewise', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const [labels, a, b] = columns(all) as [number[], number[], number[]];
        const options = { ...drawing, numClasses: 4 };
        const [forth, back] = [compareMacroF1(a, b, labels, options), compareMacroF1(b, a, labels, options)];
        const expected = evaluate(a, labels, COUNTS).macroF1 - evaluate(b, labels, COUNTS).macroF1;
        expect(forth.difference).toBeCloseTo(expected, 12);
        expect(back).toMatchObject({ difference: 0 - forth.difference, p: forth.p });
        expect(compareMacroF1(a, a, labels, options)).toMatchObject({
          difference: 0,
          p: 1,
          verdict: 'undecided',
        });
      }),
      { numRuns: 30 },
    );
  });

  // 400 and 100 rows. The first is right where the second is, and on 40 more of the small class.
  const labels = Int32Array.from({ length: 500 }, (_, i) => (i < 400 ? 0 : 1));
  const second = labels.map((c, i) => (c === 0 ? i % 2 : 0));
  const first = second.map((c, i) => (i >= 400 && i < 440 ? 1 : c));

  it('have the interval of the binomial that is drawn, and what they could have shown', () => {
    const { meanOfClasses, few, many, all } = compareMethods(first, second, labels, [500, 5]);
    const deviation = 0.5 * Math.sqrt((0.4 * 0.6) / 100); // of half the share of 100 draws at 0.4
    expect(meanOfClasses.difference).toBeCloseTo(0.2, 12);
    expect(Math.abs(meanOfClasses.standardError / deviation - 1)).toBeLessThan(0.06); // 1 / sqrt(2 * 2000) is 1.6 %
    expect(meanOfClasses.detectable).toBeCloseTo(2.8016 * meanOfClasses.standardError, 4);
    expect(Math.abs(meanOfClasses.low - (0.2 - 1.96 * deviation))).toBeLessThan(0.25 * deviation);
    expect(Math.abs(meanOfClasses.high - (0.2 + 1.96 * deviation))).toBeLessThan(0.25 * deviation);
    expect(meanOfClasses.verdict).toBe('better');
    expect(few!.difference).toBeCloseTo(0.4, 12);
    // None of the 400 rows tells them apart: what other rows may hold is Wilson's of none, and five rows make a finding.
    expect(many).toMatchObject({ difference: 0, verdict: 'undecided' });
    expect(many!.high).toBeCloseTo(wilson(0, 400)!.high, 12);
    expect(many!.low).toBeCloseTo(-wilson(0, 400)!.high, 12);
    expect(many!.detectable).toBeCloseTo(5 / 400, 12);
    expect(all.difference).toBeCloseTo(40 / 500, 12);
  });

  it('are found by as many test sets as the power says', () => {
    const { uniform } = random(5, 'power');
    const sets = 400;
    let found = 0;
    for (let set = 0; set < sets; set++) {
      const truth = new Int32Array(300);
      // 10 % and 10 % + d of 300 rows, d = 2.80 sqrt(.2 + d - d^2) / sqrt(300): d = 0.0853.
      const draws = Array.from(truth, () => uniform());
      const a = truth.map((_, i) => (draws[i]! < 0.1 ? 1 : 0));
      const b = truth.map((_, i) => (draws[i]! > 1 - 0.1853 ? 1 : 0));
      if (compareMethods(a, b, truth, [500, 5], { replicates: 500, seed: set }).all.verdict === 'better')
        found++;
    }
    expect(Math.abs(found / sets - 0.8)).toBeLessThan(0.06); // three of sqrt(.8 .2 / 400)
  });

  it('of groups: null where a group has no rows; head less tail under one method', () => {
    const found = compareMethods(first, second, labels, [500, 400]);
    expect([found.medium, found.few]).toEqual([null, null]);
    expect(compareGroups(second, labels, [500, 5], { first: 'many', second: 'few' })).toMatchObject({
      difference: 0.5,
      verdict: 'better',
    });
    expect(compareGroups(second, labels, [500, 5], { first: 'many', second: 'medium' })).toBeNull();
  });

  it('are no finding for a handful of rows, all in favour of one', () => {
    // Four rows: McNemar's mid-p is 1/16, though hardly a resample has none of them.
    const second = labels.map((c, i) => (i % 100 < 50 ? c : 1 - c));
    const first = second.map((c, i) => (i > 95 && i < 100 ? labels[i]! : c));
    const { all, mcnemar } = compareMethods(first, second, labels, [500, 5]);
    expect(all.low).toBeGreaterThan(0);
    expect([all.p, mcnemar.midP, all.verdict]).toEqual([1 / 16, 1 / 16, 'undecided']);
    expect(compareMacroF1(first, second, labels, { numClasses: 2 }).verdict).toBe('undecided');
    const two = compareGroups([0, 0, 0, 0], [0, 0, 1, 1], [500, 5], { first: 'many', second: 'few' });
    expect(two).toMatchObject({ difference: 1, verdict: 'undecided' }); // 2 of 2 and 0 of 2: Fisher's p is 1/3
    expect(Math.abs(two!.p - 1 / 6)).toBeLessThan(0.03); // and its mid-p half of that
    // No resample differs: of each group Wilson's interval by its own rows, and two rows find nothing.
    expect(two!.low).toBeCloseTo(wilson(2, 2)!.low - wilson(0, 2)!.high, 12);
    expect([two!.high, two!.detectable]).toEqual([1, 1]);
    const truth = Int32Array.from({ length: 105 }, (_, i) => Number(i >= 100));
    const clear = compareGroups(new Int32Array(105), truth, [500, 5], { first: 'many', second: 'few' })!;
    expect(clear.low).toBeCloseTo(wilson(100, 100)!.low - wilson(0, 5)!.high, 12);
  });

  it('of rows that differ in weight get the p of random exchanges, which is the exact one where they hardly do', () => {
    const truth = Int32Array.from({ length: 401 }, (_, i) => (i < 200 ? 0 : 1)); // 200 and 201 rows
    const second = truth.map((c, i) => (i % 10 < 3 ? 1 - c : c));
    const first = truth.map((c, i) => ((i + 3) % 10 < 3 && i % 50 > 11 ? 1 - c : c));
    const { all, meanOfClasses, mcnemar } = compareMethods(first, second, truth, [500, 5], {
      replicates: 20_000,
    });
    expect(all.p).toBe(mcnemar.midP);
    expect(meanOfClasses.p).not.toBe(all.p);
    expect(Math.abs(meanOfClasses.p - all.p)).toBeLessThan(0.02); // weights differ by 1/200, draws by 0.003
  });

  it('are judged together by Holm: what is found alone need not be among many', () => {
    const { all } = compareMethods(first, second, labels, [500, 5]);
    const close = { ...all, p: 0.03 };
    expect(adjusted([close]).map(({ verdict }) => verdict)).toEqual(['better']);
    const among = adjusted([close, { ...all, difference: -0.1, p: 0.001 }, { ...all, p: 0.9 }]);
    expect(among.map((one) => [one.verdict, one.adjusted])).toEqual([
      ['undecided', 0.06],
      ['worse', 0.003],
      ['undecided', 0.9],
    ]);
    expect(adjusted([])).toEqual([]);
  });

  it('refuse what does not fit, and are as before after it', () => {
    const before = compareMethods(first, second, labels, [500, 5], drawing);
    for (const [wrong, message] of [
      [
        () => compareMethods([0], second, labels, [500, 5]),
        'first must hold a class for each of the 500 labels, but there are 1.',
      ],
      [
        () => compareMethods(first, [2, ...second.subarray(1)], labels, [500, 5]),
        'second must be integers from 0 to 1, but second[0] is 2.',
      ],
      [
        () => compareMethods(first, second, labels, [500, 5], { replicates: 1 }),
        'replicates must be an integer from 2 to 1000000, but it is 1.',
      ],
      [
        () => compareMethods(first, second, labels, [500, 5], { confidence: 95 }),
        'confidence must be a number in (0, 1), but it is 95.',
      ],
    ] as const)
      expect(wrong).toThrow(message);
    expect(compareMethods(first, second, labels, [500, 5], drawing)).toEqual(before);
  });
});

describe('scores with intervals', () => {
  it('are the scores of evaluate, between the ends', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const [labels, a] = columns(all) as [number[], number[]];
        const scores = evaluate(a, labels, COUNTS);
        const found = scoreIntervals(a, labels, COUNTS, drawing);
        for (const column of [...COLUMNS, 'macroF1'] as const) {
          const [score, one] = [scores[column], found[column]];
          expect(one === null).toBe(score === null);
          if (one === null || score === null) continue;
          expect(one.value).toBeCloseTo(score, 12);
          expect(one.low).toBeLessThanOrEqual(one.high);
        }
        const recalls = recallIntervals(a, labels, { numClasses: 4 });
        for (const [c, one] of recalls.entries()) expect(one?.recall ?? null).toBe(scores.perClass[c]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([0, 1])('of rows that are all alike are those of Wilson: %i', (hit) => {
    const labels = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2];
    const predictions = labels.map((label, i) => (label === 2 ? [2, 0][i % 2]! : hit ? label : 1 - label));
    const { many, few } = scoreIntervals(predictions, labels, [500, 400, 3], drawing);
    const { low, high } = wilson(8 * hit, 8)!;
    expect(many!.value).toBe(hit);
    expect([many!.low, many!.high]).toEqual([expect.closeTo(low, 12), expect.closeTo(high, 12)]);
    expect(few!.low).toBeGreaterThan(0);
    expect(few!.high).toBeLessThan(1);
  });

  it('of classes of few rows and many tell less than as many rows of one weight', () => {
    const labels = [0, 1, 1, 1, 1];
    const { many, all } = scoreIntervals([1, 0, 0, 0, 0], labels, [500, 400, 3], drawing);
    expect(all.high).toBeCloseTo(wilson(0, 5)!.high, 12);
    const z2 = 1.959963984540054 ** 2;
    expect(many!.high).toBeCloseTo(z2 / (1 / (1 / 4 + 1 / 16) + z2), 12); // weights of 1/2 and four times 1/8
  });
});

it('of classes that are right or wrong as a whole have lengths, and say that so few rows find nothing', () => {
  const labels = [0, 0, 0, 1, 1, 2, 2];
  const [first, second] = [
    [0, 0, 0, 1, 1, 0, 0],
    [0, 0, 0, 2, 2, 0, 0],
  ];
  const { meanOfClasses, all } = scoreIntervals(first, labels, [500, 50, 5], drawing);
  for (const { value, low, high } of [meanOfClasses, all]) {
    expect(low).toBeLessThan(value - 0.2);
    expect(high).toBeGreaterThan(value + 0.15);
  }
  const gain = compareMethods(first, second, labels, [500, 50, 5], drawing).all;
  expect(gain).toMatchObject({ difference: expect.closeTo(2 / 7, 12), verdict: 'undecided' });
  expect([gain.low < 0, gain.high > 0.5]).toEqual([true, true]);
  expect(gain.detectable).toBeCloseTo(5 / 7, 12);
});

it('a statistic of rows has each row as its outcome', () => {
  const { normal } = random(0, 'rows');
  const values = Array.from({ length: 200 }, () => normal());
  const [mean] = bootstrap(
    ({ outcomes, counts }) => [counts.reduce((sum, n, cell) => sum + n * values[outcomes[cell]!]!, 0) / 200],
    new Int32Array(200),
    Int32Array.from(values.keys()),
  );
  const average = values.reduce((a, b) => a + b, 0) / 200;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - average) ** 2, 0) / 200 / 200);
  expect(Math.abs(mean!.standardError / deviation - 1)).toBeLessThan(0.06);
  expect(() => bootstrap(() => [Number.NaN], [0], [0])).toThrow('must give a list of finite numbers');
});
