/** What the leaderboard counts by: folds, paired intervals, rows that are there twice. */
import { loadEngine } from '@longtail/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { audit, notFinite } from '../src/rebalance/audit.ts';
import { balancedTemperature } from '../src/rebalance/balanced-temperature.ts';
import { compareHeads } from '../src/rebalance/compare-heads.ts';
import type { Part } from '../src/rebalance/part.ts';
import { checkSelect, selectionOf } from '../src/rebalance/selection.ts';
import { stratifiedFolds } from '../src/rebalance/stratified-folds.ts';

beforeAll(async () => {
  await loadEngine({ backend: 'auto' });
});

const partOf = (labels: readonly number[], rows: readonly number[][] = labels.map((_, i) => [i])): Part => ({
  source: 'mine.npy',
  dim: rows[0]!.length,
  values: Float32Array.from(rows.flat()),
  labels: Int32Array.from(labels),
  places: Int32Array.from(labels.keys()),
});

it('a temperature is that of held-out rows, and 1 where all of them are right', () => {
  const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
  const fitted = (isWrong: (i: number) => boolean) => {
    const right = tf.tensor2d(
      Array.from(labels, (c, i) => [0, 1].map((other) => ((other === c) === isWrong(i) ? 0 : 3))),
    );
    const found = balancedTemperature([right], labels, { seed: 0 });
    right.dispose();
    return found;
  };
  expect(fitted(() => false)).toBe(1);
  expect(fitted((i) => i % 5 === 0)).toBeGreaterThan(1.2);
});

describe('stratified folds', () => {
  it('test every row of a class of two or more once, and never that of a class of one', () => {
    const part = partOf([...Array(11).fill(0), 1, 1, 2, 3, 3, 3]);
    const pairs = stratifiedFolds(part, { seed: 0, numClasses: 4 });
    const tested = pairs.flatMap(({ held }) => [...held.places]).sort((a, b) => a - b);
    expect(tested).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16]);
    for (const { fit, held } of pairs) {
      expect(new Set(fit.labels)).toEqual(new Set([0, 1, 2, 3]));
      expect(fit.labels.length + held.labels.length).toBe(17);
      const zeros = held.labels.filter((label) => label === 0).length;
      expect(zeros === 2 || zeros === 3).toBe(true); // 11 rows in 5 folds
    }
    expect(stratifiedFolds(part, { seed: 0, numClasses: 4 })).toEqual(pairs);
    expect(stratifiedFolds(part, { seed: 1, numClasses: 4 })).not.toEqual(pairs);
  });

  it('are none where every class has one row', () => {
    expect(stratifiedFolds(partOf([0, 1, 2]), { seed: 0, numClasses: 3 })).toEqual([]);
  });
});

describe('a selection', () => {
  const many = partOf(Array.from({ length: 200 }, (_, i) => i % 2));
  const options = { validation: undefined, featuresFrom: 'foreign', numClasses: 2, seed: 0 } as const;

  it.each([
    [many, options, 'train-folds', 3],
    [many, { ...options, featuresFrom: 'trained' }, 'default', 0],
    [partOf([0, 1, 0, 1]), options, 'default', 0],
    [many, { ...options, select: 'default' }, 'default', 0],
    [many, { ...options, select: 'train-folds', validation: many }, 'train-folds', 3],
    [many, { ...options, select: 'val', validation: many }, 'val', 1],
    [partOf(Array.from({ length: 9000 }, (_, i) => i % 2)), options, 'train-folds', 2],
    [partOf(Array.from({ length: 16_000 }, (_, i) => i % 2)), options, 'train-folds', 1],
    [many, { ...options, validation: many }, 'val', 1],
    [many, { ...options, validation: partOf([0, 1]) }, 'default', 0],
  ] as const)('%#', (train, given, how, pairs) => {
    const found = selectionOf(train, given);
    expect([found.how, found.pairs.length]).toEqual([how, pairs]);
  });

  it('where fits are long is made on half of the rows', () => {
    const rows = partOf(Array.from({ length: 8000 }, (_, i) => i % 100));
    const long = { ...rows, values: new Float32Array(8000 * 300), dim: 300 };
    const { pairs, reason } = selectionOf(long, { ...options, numClasses: 100 });
    expect(pairs.map(({ fit }) => fit.labels.length)).toEqual([5333, 5333]);
    expect(reason).toBe('chosen by 2 of 3 folds of the training rows.');
    const longer = { ...options, numClasses: 10_000, select: 'train-folds' } as const;
    const halves = selectionOf(long, longer).heldOut;
    expect(halves.map(({ fit }) => fit.labels.length)).toEqual([4000, 4000]);
  });

  it('of fewer than 50 rows a class is a warning, and the defaults', () => {
    const few = selectionOf(many, { ...options, validation: partOf([0, 1]), select: 'val' });
    expect(few).toMatchObject({ how: 'default', isWarning: true });
    expect(few.reason).toMatch(/1 validation rows a class are fewer than 50/);
    expect(selectionOf(many, options).isWarning).toBe(false);
  });

  it('that cannot be is refused with its reason', () => {
    const given = { hasValidation: false, featuresFrom: 'trained' } as const;
    expect(() => checkSelect('val', given)).toThrow(/--select val .* there are none/);
    expect(() => checkSelect('train-folds', given)).toThrow(
      /--select train-folds is refused: the backbone was trained on the training rows/,
    );
    checkSelect('train-folds', { hasValidation: false, featuresFrom: 'foreign' });
    checkSelect('default', given);
    checkSelect(undefined, given);
  });
});

describe('heads beside one of them', () => {
  // Two classes of 400 and 100 rows. `better` is right where the reference is, and on 40 more rows of the second.
  const labels = Int32Array.from({ length: 500 }, (_, i) => (i < 400 ? 0 : 1));
  const reference = labels.map((c, i) => (c === 0 ? i % 2 : 0));
  const better = reference.map((c, i) => (i >= 400 && i < 440 ? 1 : c));
  const moved = reference.map((c, i) => (i < 20 ? 1 - c : i >= 400 && i < 403 ? 1 : c));
  const heads = { reference, better, worse: labels.map((c) => 1 - c), moved };
  const predictions = new Map(Object.entries(heads).map(([name, classes]) => [name, [classes]]));
  const tested = { predictions, labels, counts: [500, 50] };
  const compared = (metric: 'all' | 'meanOfClasses', names = Object.keys(heads)) => {
    const predictions = new Map([...tested.predictions].filter(([name]) => names.includes(name)));
    const found = compareHeads(
      { ...tested, predictions, metric, groupRule: 'official' },
      { reference: 'reference', seed: 0 },
    );
    return Object.fromEntries([...predictions.keys()].map((name, i) => [name, found[i]!]));
  };

  it('are better, worse or undecided, by the score that the leaderboard goes by', () => {
    const [rows, classes] = [compared('all'), compared('meanOfClasses')];
    expect(classes.better!.difference).toBeCloseTo(0.2, 12);
    expect(rows.better!.difference).toBeCloseTo(40 / 500, 12);
    expect(rows.moved).toMatchObject({ difference: 3 / 500, verdict: 'undecided' }); // a deviation of 4.8 rows
    for (const found of [rows, classes]) {
      expect([found.better!.verdict, found.worse!.verdict]).toEqual(['better', 'worse']);
      expect(found.reference).toMatchObject({
        difference: 0,
        low: 0,
        high: 0,
        adjusted: 1,
        verdict: 'undecided',
      });
    }
  });

  it('of several seeds are those of the first, and of five and more those of all', () => {
    const of = (seeds: Int32Array[]) =>
      compareHeads(
        {
          ...tested,
          predictions: new Map([
            ['reference', [reference]],
            ['head', seeds],
          ]),
          metric: 'all',
          groupRule: 'official',
        },
        { reference: 'reference', seed: 0 },
      )[1]!;
    const { adjusted: _, ...alone } = compared('all', ['reference', 'better']).better!;
    expect(of([better, reference])).toMatchObject(alone);
    const five = of([better, better, better, reference, reference]);
    expect(five.difference).toBeCloseTo((3 / 5) * (40 / 500), 12);
    expect(five.standardError).toBeGreaterThan(alone.standardError);
  });

  it('do not depend on the others beside them, but for the adjusted p-value', () => {
    const { adjusted: among, ...own } = compared('all').moved!;
    const { adjusted: alone, ...same } = compared('all', ['reference', 'moved']).moved!;
    expect(own).toEqual(same);
    expect(alone).toBe(own.p);
    expect(among).toBeGreaterThanOrEqual(alone);
  });
});

describe('the audit', () => {
  const train = partOf([0, 1, 0], [[1, 2, 7], [3, 4, 7], [1, 2, 7]]); // biome-ignore format: rows
  const test = partOf([0, 1], [[3, 4, 7], [Number.NaN, 0, 0]]); // biome-ignore format: rows

  it('finds rows across parts and within one, columns that never change, and rows that are not finite', () => {
    expect(
      audit([
        ['train', train],
        ['test', test],
      ]),
    ).toEqual([
      { kind: 'not finite', part: 'test', row: 1, other: '' },
      { kind: 'twice', part: 'train', row: 2, other: 'train 0' },
      { kind: 'twice', part: 'test', row: 0, other: 'train 1' },
      { kind: 'constant column', part: 'train', row: 2, other: '' },
    ]);
    expect([...notFinite(test)]).toEqual([1]);
  });

  it('is as fast where rows share all but their last numbers, or the places of their ones', () => {
    const [rows, dim] = [30_000, 80];
    const values = new Float32Array(rows * dim);
    for (let row = 0; row < rows; row++) {
      values[row * dim + 79] = Math.floor(row / 256);
      values[row * dim + 78] = row % 256;
    }
    values.copyWithin(7 * dim, 0, dim);
    const labels = new Int32Array(rows);
    const places = labels.map((_, row) => row);
    const start = performance.now();
    const found = audit([['train', { source: 'padded.npy', dim, values, labels, places }]]);
    expect(performance.now() - start).toBeLessThan(2000); // all pairs are 450 million
    expect(found.filter(({ kind }) => kind === 'twice')).toEqual([
      { kind: 'twice', part: 'train', row: 7, other: 'train 0' },
    ]);
  });
});
