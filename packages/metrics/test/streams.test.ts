/** Accumulators: merged shards are the whole, rows come in any order, what is refused leaves nothing behind. */
import { InputError, random } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Accumulator,
  aurocOver,
  type Chunk,
  calibrationOver,
  classCalibrationOver,
  classRanking,
  coverageOver,
  logitMagnitudeOver,
  measure,
  mergeSums,
  type Sums,
  softmax,
  summariseRows,
  tallyOver,
  topKOver,
} from '../src/index.ts';

const numClasses = 4;
const groups = { many: [0, 1], few: [3], none: [] };
const ACCUMULATORS: Record<string, Accumulator<Sums, unknown>> = {
  tallyOver: tallyOver({ numClasses }),
  topKOver: topKOver({ numClasses, k: [1, 2, 4] }),
  calibrationOver: calibrationOver({ numClasses, groups, bins: 7 }),
  classCalibrationOver: classCalibrationOver({ numClasses, groups }),
  aurocOver: aurocOver({ numClasses, bins: 16 }),
  logitMagnitudeOver: logitMagnitudeOver({ numClasses }),
  coverageOver: coverageOver({ numClasses, thresholds: [0.5, -1, 0, 2] }),
};

type Row = [scores: number[], label: number];
const logit = fc.float({ min: -30, max: 30, noNaN: true });
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.array(logit, { minLength: numClasses, maxLength: numClasses }),
  fc.nat({ max: numClasses - 1 }),
);
const rowLists = fc.array(row, { minLength: 1, maxLength: 30 });
const chunkOf = (rows: readonly Row[]): Chunk => ({
  scores: Float32Array.from(rows.flatMap(([scores]) => scores)),
  labels: Int32Array.from(rows, ([, label]) => label),
});

describe.each(Object.entries(ACCUMULATORS))('%s', (_, accumulator) => {
  const sumsOf = (rows: readonly Row[]) => {
    const sums = accumulator.empty();
    if (rows.length > 0) accumulator.add(sums, chunkOf(rows));
    return sums;
  };

  it('merged shards are the whole, to the last bit, also after a journey between threads', () => {
    fc.assert(
      fc.property(rowLists, fc.nat(), fc.nat(), (rows, a, b) => {
        const [first, second] = [a % (rows.length + 1), b % (rows.length + 1)].sort((x, y) => x - y);
        const shards = [rows.slice(second), rows.slice(0, first), rows.slice(first, second)].map(sumsOf);
        const merged = mergeSums(structuredClone(shards));
        expect(merged).toEqual(sumsOf(rows));
        expect(accumulator.result(merged)).toEqual(measure([chunkOf(rows)], accumulator));
      }),
    );
  });

  it('the order of the rows does not matter, nor where chunks end', () => {
    fc.assert(
      fc.property(rowLists, (rows) => {
        const whole = measure([chunkOf(rows)], accumulator);
        expect(measure([chunkOf(rows.toReversed())], accumulator)).toEqual(whole);
        expect(
          measure(
            rows.map((one) => chunkOf([one])),
            accumulator,
          ),
        ).toEqual(whole);
      }),
    );
  });

  it('a chunk that is refused leaves the sums as they were, and what follows is good', () => {
    const good = chunkOf([[[3, 1, 0, 2], 0]]);
    const sums = accumulator.empty();
    accumulator.add(sums, good);
    const before = structuredClone(sums);
    const scores = [1, 2, 3, 4, 5, 6, 7, Number.NaN];
    expect(() => accumulator.add(sums, { scores, labels: [0, 1] })).toThrow(/row 1 has NaN for class 3/);
    expect(() => accumulator.add(sums, { scores: [1, 2, 3, 4], labels: [4] })).toThrow('labels[0] is 4');
    expect(() => accumulator.add(sums, { scores: [1, 2, 3, 4], labels: [0, 1] })).toThrow(InputError);
    expect(() => accumulator.add(sums, { scores: [1, 2, 3], labels: [0] })).toThrow(/whole rows of 4/);
    expect(sums).toEqual(before);
    accumulator.add(sums, good);
    expect(accumulator.result(sums)).toEqual(measure([good, good], accumulator));
  });

  it('labels may be int64, scores plain', () => {
    const scores = [3, 1, 0, 2, 0, 1, 0, 0.5];
    const plain = measure([{ scores, labels: [0, 3] }], accumulator);
    const typed = { scores: Float32Array.from(scores), labels: BigInt64Array.of(0n, 3n) };
    expect(measure([typed], accumulator)).toEqual(plain);
  });
});

it('shards of different accumulators do not merge', () => {
  const [three, four] = [3, 4].map((classes) => tallyOver({ numClasses: classes }).empty());
  expect(() => mergeSums([three!, four!])).toThrow('the sums of all shards must be alike');
  expect(() => mergeSums([])).toThrow('at least one shard');
});

function randomRows(rows: number): { scores: Float32Array; labels: Int32Array } {
  const draw = random(3, 'rows');
  const labels = Int32Array.from({ length: rows }, () => Math.floor(draw.uniform() * numClasses));
  const scores = Float32Array.from({ length: rows * numClasses }, () => 2 * draw.normal());
  labels.forEach((label, i) => {
    scores[i * numClasses + label]! += 1;
  });
  return { scores, labels };
}

it('AUROC over chunks is as near to the exact one as it says', () => {
  const { scores, labels } = randomRows(600);
  const exact = classRanking(softmax(scores, { numClasses }), labels, { numClasses });
  for (const bins of [1, 8, 256]) {
    const found = measure([{ scores, labels }], aurocOver({ numClasses, bins }));
    for (const [c, { auroc, error }] of found.perClass.entries())
      expect(Math.abs(auroc! - exact.perClass[c]!.auroc!)).toBeLessThanOrEqual(error! + 1e-15);
    if (bins === 1) expect(found.macro).toEqual({ auroc: 0.5, error: 0.5 });
    if (bins === 256) expect(found.macro.error).toBeLessThan(0.01);
  }
});

it('summaries of chunks put together are that of the whole', () => {
  const { scores, labels } = randomRows(50);
  const whole = summariseRows(scores, labels, { numClasses });
  const [first, second] = [
    summariseRows(scores.subarray(0, 20 * numClasses), labels.subarray(0, 20), { numClasses }),
    summariseRows(scores.subarray(20 * numClasses), labels.subarray(20), { numClasses }),
  ];
  for (const name of ['labels', 'predictions', 'confidences', 'nll', 'brier'] as const)
    expect([...first[name], ...second[name]]).toEqual([...whole[name]]);
});

it('calibration keeps its bounds, and an infinite loss is said to be one', () => {
  fc.assert(
    fc.property(rowLists, (rows) => {
      const { all } = measure([chunkOf(rows)], calibrationOver({ numClasses }));
      for (const share of [all!.ece, all!.mce, all!.accuracy, all!.confidence, all!.brier / 2]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1 + 1e-12); // a mean of softmaxes rounds
      }
      expect(all!.ece).toBeLessThanOrEqual(all!.mce + 1e-12);
      expect(all!.ece).toBeGreaterThanOrEqual(Math.abs(all!.accuracy - all!.confidence) - 1e-12);
      expect(all!.nll).toBeGreaterThanOrEqual(0);
    }),
  );
  const never = { scores: [1, 0, 0, 1], labels: [1, 1] };
  const { all, groups: grouped } = measure(
    [never],
    calibrationOver({ numClasses: 2, from: 'probabilities', groups: { first: [0], second: [1] } }),
  );
  expect([all!.nll, all!.ece, grouped.first]).toEqual([Number.POSITIVE_INFINITY, 0.5, null]);
});

it('probabilities that are none are refused by their row', () => {
  const over = (scores: number[]) => () =>
    measure([{ scores, labels: [0, 1] }], calibrationOver({ numClasses: 2, from: 'probabilities' }));
  expect(over([0.5, 0.5, 3, 1])).toThrow('scores must be probabilities, but row 1 has 3 for class 0.');
  expect(over([0.5, 0.5, 0.25, 0.25])).toThrow(/row 1 sum to 0.5; for scores before the softmax say/);
  const masked = Number.NEGATIVE_INFINITY;
  expect(softmax([masked, 0], { numClasses: 2 })).toEqual(Float64Array.of(0, 1));
  expect(() => softmax([0, 0, masked, masked], { numClasses: 2 })).toThrow('row 1 has none');
});
