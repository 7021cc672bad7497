/** Properties of scores of hard predictions, and of what goes with them. */
import { random } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracyUnderPrior,
  classGroups,
  classRecalls,
  classScores,
  cohenKappa,
  confusedPairs,
  confusionMatrix,
  coverageOfSets,
  coverageOver,
  equalMassCalibration,
  equalWidthCalibration,
  evaluate,
  evaluateSlices,
  geometricMean,
  groupMeans,
  harmonicMean,
  ltRatio,
  matthews,
  meanOfClasses,
  measure,
  mergeConfusions,
  mergeSums,
  normCountCorrelation,
  openSetF,
  rangeGroups,
  ranking,
  rejectBelow,
  scoresOf,
  shiftedPrior,
  slicesOf,
  tally,
  thresholdGroups,
  weightNorms,
  worstClass,
} from '../src/index.ts';

const numClasses = 6;
const label = fc.nat({ max: numClasses - 1 });
const pairLists = fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 40 });
const columns = (pairs: [number, number][]) => [pairs.map(([p]) => p), pairs.map(([, t]) => t)] as const;
const tallied = (pairs: [number, number][]) => tally(...columns(pairs), { numClasses });

describe('a tally', () => {
  it('means of the recalls stand in their order, and agreement in its bounds', () => {
    fc.assert(
      fc.property(pairLists, (pairs) => {
        const counts = tallied(pairs);
        const means = [
          worstClass(counts).recall,
          harmonicMean(counts),
          geometricMean(counts),
          meanOfClasses(counts),
          1,
        ];
        for (let i = 1; i < means.length; i++)
          expect(means[i]!).toBeGreaterThanOrEqual(means[i - 1]! - 1e-12);
        for (const agreement of [cohenKappa(counts) ?? 1, matthews(counts)])
          expect(Math.abs(agreement)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('of shards is that of the whole, and evaluate is made from it', () => {
    fc.assert(
      fc.property(pairLists, pairLists, (a, b) => {
        const merged = mergeSums([tallied(a), tallied(b)]);
        expect(merged).toEqual(tallied([...b, ...a]));
        const trainCounts = [500, 200, 100, 50, 20, 5];
        const [predictions, labels] = columns([...a, ...b]);
        for (const groupRule of ['official', 'oltr', 'mislas'] as const)
          expect(scoresOf(merged, trainCounts, { groupRule })).toEqual(
            evaluate(predictions, labels, trainCounts, { groupRule }),
          );
      }),
    );
  });

  it('gives null where there is nothing to score', () => {
    const [seen, predicted, neither] = classScores(tally([1, 1], [0, 0], { numClasses: 3 }));
    expect(seen).toEqual({ support: 2, chosen: 0, recall: 0, precision: null, f1: 0 });
    expect(predicted).toEqual({ support: 0, chosen: 2, recall: null, precision: 0, f1: 0 });
    expect(neither).toEqual({ support: 0, chosen: 0, recall: null, precision: null, f1: null });
    expect(cohenKappa(tally([0], [0], { numClasses: 2 }))).toBeNull();
    expect(matthews(tally([0], [0], { numClasses: 2 }))).toBe(0);
    expect(geometricMean(tally([0, 0], [0, 1], { numClasses: 2 }), { correction: 0.25 })).toBeCloseTo(
      0.5,
      12,
    );
  });

  it('refuses what does not fit', () => {
    const counts = tally([0], [0], { numClasses: 2 });
    expect(() => scoresOf(counts, [5])).toThrow('a count a class, but got 1 for the 2');
    expect(() => tally([0, 1], [0], { numClasses: 2 })).toThrow('a prediction a label, but got 2 for 1');
    expect(() => meanOfClasses({ ...counts, hits: new Float64Array(3) })).toThrow(
      'hits is a Float64Array of 3',
    );
  });
});

describe('the confusion matrix', () => {
  it('of 2001 classes is sparse, and says the same as the dense one', () => {
    fc.assert(
      fc.property(pairLists, pairLists, (a, b) => {
        const [dense, sparse] = [numClasses, 2001].map((classes) =>
          mergeConfusions([a, b].map((pairs) => confusionMatrix(...columns(pairs), { numClasses: classes }))),
        );
        expect([dense!.layout, sparse!.layout]).toEqual(['dense', 'sparse']);
        expect(dense).toEqual(confusionMatrix(...columns([...b, ...a]), { numClasses }));
        expect(sparse).toEqual(confusionMatrix(...columns([...b, ...a]), { numClasses: 2001 }));
        for (const by of ['count', 'share', 'lift'] as const)
          expect(confusedPairs(sparse!, { by })).toEqual(confusedPairs(dense!, { by }));
        expect(dense!.counts.reduce((x, y) => x + y)).toBe(a.length + b.length);
      }),
    );
  });

  it('names the most confused pairs, with their lift over chance', () => {
    const labels = [0, 0, 0, 0, 1, 1, 2, 2];
    const confusion = confusionMatrix([0, 1, 1, 2, 1, 1, 2, 0], labels, { numClasses: 3 });
    expect(confusedPairs(confusion, { most: 2 })).toEqual([
      { truth: 0, prediction: 1, count: 2, share: 0.5, lift: 1 },
      { truth: 0, prediction: 2, count: 1, share: 0.25, lift: 1 },
    ]);
    expect(confusedPairs(confusion, { most: 1, by: 'lift' })[0]).toMatchObject({
      truth: 2,
      prediction: 0,
      lift: 2,
    });
  });
});

describe('groups', () => {
  it('by thresholds and ranges of classes', () => {
    const counts = [500, 100, 60, 20, 5];
    expect(thresholdGroups(counts, { manyAbove: 100, fewBelow: 20 })).toEqual(classGroups(counts));
    expect(thresholdGroups(counts, { manyAbove: 60, fewBelow: 61 })).toEqual({
      many: [0, 1],
      medium: [],
      few: [2, 3, 4],
    });
    expect(() => thresholdGroups(counts, { manyAbove: 20, fewBelow: 22 })).toThrow('a class could be both');
    expect(rangeGroups({ head: [0, 2], tail: [2, 2] }, { numClasses: 5 })).toEqual({
      head: [0, 1],
      tail: [],
    });
    expect(() => rangeGroups({ head: [0, 3], tail: [2, 5] }, { numClasses: 5 })).toThrow(
      'class 2 is in head and tail',
    );
    expect(() => rangeGroups({ head: [0, 6] }, { numClasses: 5 })).toThrow(
      'the range head must be [first, before]',
    );
  });

  it('means are over the classes with a score; an empty group is null', () => {
    expect(groupMeans([1, null, 0.5], { all: [0, 1, 2], none: [], unseen: [1] })).toEqual({
      all: 0.75,
      none: null,
      unseen: null,
    });
    expect(() => groupMeans([1], { all: [1] })).toThrow('the group all must be integers from 0 to 0');
  });

  it('the Pareto-LT ratio is .25 of equal classes, and 9 where one of ten holds 80 %', () => {
    expect(ltRatio([7, 7, 7, 7, 7])).toBe(0.25);
    expect(ltRatio([...Array(9).fill(1), 36])).toBe(9);
  });

  it("the Pareto-LT ratio is that of HeroLT's table, which inverts one of three decimals", () => {
    const cifar = (numClasses: number, factor: number) =>
      Array.from({ length: numClasses }, (_, c) =>
        Math.floor((50_000 / numClasses) * factor ** (-c / (numClasses - 1))),
      );
    for (const [numClasses, factor, published] of [
      [10, 100, 1.751],
      [10, 10, 0.833],
      [100, 100, 1.972],
      [100, 50, 1.59],
      [100, 10, 0.836],
    ] as const) {
      const inverse = 1 / ltRatio(cifar(numClasses, factor));
      expect((1 / Number(inverse.toFixed(3))).toFixed(3)).toBe(published.toFixed(3));
    }
  });
});

describe('ranking', () => {
  const scored = fc.array(fc.tuple(fc.nat({ max: 8 }), fc.boolean()), { minLength: 1, maxLength: 30 });

  it('AUROC counts the pairs, and does not mind a change of scale', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const of = (sign: boolean) => rows.filter(([, is]) => is === sign).map(([score]) => score);
        const pairs = of(true).flatMap((p) => of(false).map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
        const [scores, positives] = [rows.map(([score]) => score), rows.map(([, is]) => is)];
        const found = ranking(scores, positives);
        if (pairs.length === 0) expect(found.auroc).toBeNull();
        else expect(found.auroc).toBeCloseTo(pairs.reduce<number>((a, b) => a + b, 0) / pairs.length, 12);
        expect(
          ranking(
            scores.map((score) => Math.exp(score) - 5),
            positives,
          ),
        ).toEqual(found);
        expect(ranking(scores.toReversed(), positives.toReversed())).toEqual(found);
        expect(found.averagePrecision ?? 1).toBeGreaterThan(0);
      }),
    );
    expect(() => ranking([0, Number.NaN], [0, 1])).toThrow('that of row 1 is NaN');
  });
});

describe('equal-width bins', () => {
  it('are the gap between confidence and accuracy, bin by bin', () => {
    // Two bins: 10 rows at 0.9, 8 right; 10 rows at 0.5, 5 right.
    const confidence = Float32Array.from({ length: 20 }, (_, i) => (i < 10 ? 0.9 : 0.5));
    const hits = Uint8Array.from({ length: 20 }, (_, i) => (i < 10 ? +(i < 8) : i % 2));
    expect(equalWidthCalibration(confidence, hits).ece).toBeCloseTo(0.5 * 0.1, 6); // float32 confidences
  });

  it('are close where confidences are true', () => {
    const generator = random(0, 'ece');
    const confidence = Float32Array.from({ length: 50_000 }, () => generator.uniform());
    const hits = Uint8Array.from(confidence, (p) => +(generator.uniform() < p));
    expect(equalWidthCalibration(confidence, hits).ece).toBeLessThan(0.01); // 15 bins of 3333 rows: about 0.007
  });
});

it('equal-mass bins do not mind the order of rows, and one bin is the gap of the means', () => {
  const rows = fc.array(fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 1 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, (list) => {
      const [confidences, correct] = [list.map(([c]) => c / 10), list.map(([, is]) => is)];
      const found = equalMassCalibration(confidences, correct, { bins: 7 });
      expect(equalMassCalibration(confidences.toReversed(), correct.toReversed(), { bins: 7 })).toEqual(
        found,
      );
      const sizes = found.bins.map(({ count }) => count);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      const gap =
        (confidences.reduce((a, b) => a + b, 0) - correct.reduce<number>((a, b) => a + b, 0)) / list.length;
      expect(equalMassCalibration(confidences, correct, { bins: 1 }).ece).toBeCloseTo(Math.abs(gap), 12);
    }),
  );
});

describe('shifted test priors', () => {
  it('are what re-drawn test sets have', () => {
    const counts = [50, 500, 5];
    expect(shiftedPrior(counts, { direction: 'forward', factor: 1 })).toEqual(
      new Float64Array(3).fill(1 / 3),
    );
    const forward = shiftedPrior(counts, { direction: 'forward', factor: 4 });
    expect([...forward].map((share) => Number((7 * share).toFixed(12)))).toEqual([2, 4, 1]);
    const backward = shiftedPrior(counts, { direction: 'backward', factor: 4 });
    expect([...backward].map((share) => Number((7 * share).toFixed(12)))).toEqual([2, 1, 4]);
    // A test set that has 2, 4 and 1 rows of the classes, of which 1, 4 and 0 are right.
    expect(accuracyUnderPrior([0.5, 1, 0], forward)).toBeCloseTo(5 / 7, 12);
  });

  it('leave out classes without test rows; uniform is the mean of classes', () => {
    fc.assert(
      fc.property(pairLists, (pairs) => {
        const recalls = classRecalls(tallied(pairs));
        expect(accuracyUnderPrior(recalls, Array(numClasses).fill(3))).toBeCloseTo(
          meanOfClasses(tallied(pairs)),
          12,
        );
      }),
    );
    expect(accuracyUnderPrior([null, 1], [1, 0])).toBeNull();
  });
});

it('coverage of given sets is that of the thresholds which made them', () => {
  const scores = [0.6, 0.3, 0.1, 0.2, 0.2, 0.6, 0.4, 0.3, 0.3];
  const [labels, thresholds] = [
    [0, 0, 1],
    [0.5, 0.3, 0.55],
  ];
  const [covered, sizes] = [
    [1, 0, true],
    [2, 1, 1],
  ];
  const found = coverageOfSets(covered, sizes, labels, { numClasses: 3 });
  expect(found).toEqual(measure([{ scores, labels }], coverageOver({ numClasses: 3, thresholds })));
  expect(found).toMatchObject({
    marginal: 2 / 3,
    macro: 0.75,
    below: 0,
    meanSize: 4 / 3,
    perClass: [0.5, 1, null],
  });
  expect(coverageOfSets([0], [0], [1], { numClasses: 2 })).toMatchObject({
    empty: 1,
    below: 1,
    underCoverage: 0.9,
  });
  expect(() => coverageOfSets([1], [0], [1], { numClasses: 2 })).toThrow(
    'from 1 to 2 where covered is 1, but row 0 has 0',
  );
});

it('the open-set F counts unknown rows that are accepted as false positives, the official one as false negatives', () => {
  const [predictions, labels] = [
    [0, -1, 1, 1, 2],
    [0, 0, 1, -1, 1],
  ];
  expect(openSetF(predictions, labels)).toBeCloseTo(4 / (4 + 2 + 2), 12); // TP 2; FP rows 3, 4; FN rows 1, 4
  expect(openSetF(predictions, labels, { by: 'official' })).toBeCloseTo(4 / (4 + 1 + 1), 12);
  expect(openSetF([-1], [-1])).toBeNull();
  expect(rejectBelow([0, 1], [0.1, 0.09])).toEqual(Int32Array.of(0, -1));
  expect(() => openSetF([0.5], [0])).toThrow('predictions[0] is 0.5');
});

it('slices go by the values of a column', () => {
  const by = ['day', null, 'day', 3n];
  expect(slicesOf(by).map(({ value, rows }) => [value, [...rows]])).toEqual([
    ['day', [0, 2]],
    [null, [1]],
    [3n, [3]],
  ]);
  const [day] = evaluateSlices([0, 1, 1, 0], BigInt64Array.of(0n, 1n, 0n, 1n), [500, 5], { by });
  expect(day).toMatchObject({ value: 'day', scores: { all: 0.5, many: 0.5, few: null } });
  expect(() => evaluateSlices([0], [0], [5], { by: ['a', 'b'] })).toThrow('holds 2 for 1 rows');
});

it('norms and their correlation with the counts', () => {
  expect(weightNorms([3, 4, 0, 1], { numClasses: 2 })).toEqual(Float64Array.of(5, 1));
  expect(normCountCorrelation([3, 2, 1], [1000, 100, 10])).toBeCloseTo(1, 12);
  expect(normCountCorrelation([1, 1, 1], [1000, 100, 10])).toBeNull();
  expect(normCountCorrelation([2, 1, 9], [1000, 100, 0])).toBeCloseTo(1, 12);
});
