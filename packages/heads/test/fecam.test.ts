import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FecamOptions, fecam } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { golden, matrixOf, predicted, realFeatures, rightOnes, runs } from './samples.ts';

beforeAll(() => tf.setBackend('cpu'));

// The sample's features are of both signs.
describeHead('fecam', ({ features, labels, numClasses }) =>
  fecam(features, labels, { numClasses, tukey: 1 }),
);
describeHead('fecam, powers', ({ features, labels, numClasses }) => {
  const positive = tf.relu(features) as tf.Tensor2D;
  const head = fecam(positive, labels, { numClasses });
  positive.dispose();
  return head;
});

type Golden = Required<Omit<FecamOptions, 'numClasses'>> & {
  readonly correct: number;
  readonly real: number[];
  readonly small: number[];
};
const some = (rows: number) => matrixOf(rows, 8, (k) => Math.abs(Math.sin((k + 1) ** 2 / 10)));

describe.each(golden('fecam') as Golden[])('tukey $tukey', ({ correct, real, small, ...how }) => {
  it("gives the published code's distances of real features, and is as often right", (context) => {
    const { features, labels, test, testLabels } = realFeatures(context);
    const head = fecam(features, labels, { numClasses: 10, ...how });
    const logits = tf.tidy(() =>
      head.logits(tf.stridedSlice(test, [0, 0], test.shape, [500, 1]) as tf.Tensor2D).dataSync(),
    );
    toBeCloseTo(logits, real, { relative: 2e-5 }); // float32 sums of up to 5000 rows
    // of 10,000; a row on the border of two classes falls to either
    expect(Math.abs(rightOnes(predicted(head, test), testLabels) - correct)).toBeLessThanOrEqual(2);
    head.dispose();
    tf.dispose([features, test]);
  });

  it('and of few rows, whose covariances are singular', () => {
    const features = some(30);
    const head = fecam(features, runs(14, 9, 5, 2), { numClasses: 4, ...how });
    toBeCloseTo(head.logits(features).dataSync(), small, { relative: 2e-5 });
    head.dispose();
    features.dispose();
  });
});

it('a class of one row, or of equal ones, has the mean of the others; one without rows scores -Infinity', () => {
  const features = some(11);
  const last = tf.slice(features, [10, 0], [1, 8]);
  const rows = tf.concat([features, last, last]);
  const how = { numClasses: 5 } as const;
  const [one, three] = [fecam(features, runs(6, 4, 0, 1), how), fecam(rows, runs(6, 4, 0, 3), how)];
  const precision = one.weights.get('precision')!.dataSync();
  expect(precision.every(Number.isFinite)).toBe(true);
  toBeCloseTo(three.weights.get('precision')!.dataSync(), precision);
  const logits = one.logits(features).dataSync();
  for (const c of [2, 4])
    expect(logits.filter((_, i) => i % 5 === c)).toEqual(new Float32Array(11).fill(Number.NEGATIVE_INFINITY));
  expect(predicted(one, last)).toEqual([3]);
  for (const head of [one, three]) head.dispose();
  tf.dispose([features, last, rows]);
});

it("a query's value below 0 counts as 0", () => {
  const features = some(10);
  const head = fecam(features, runs(6, 4), { numClasses: 2 });
  const [zero, below] = [0, -1].map((value) => tf.tensor2d([[1, value, 2, 3, 1, 1, 2, 2]]));
  expect(head.logits(below!).dataSync()).toEqual(head.logits(zero!).dataSync());
  head.dispose();
  tf.dispose([features, zero!, below!]);
});

it('says what is wrong, and leaves no tensor', () => {
  const features = some(4);
  const signed = tf.tensor2d([[1, 0], [1, -1]]); // biome-ignore format: two rows
  const broken = tf.tensor2d([[1, 0], [Number.NaN, 1]]); // biome-ignore format: two rows
  const wide = tf.ones<tf.Rank.R2>([2, 2048]);
  const before = tf.memory().numTensors;
  const how = { numClasses: 2 };
  expect(() => fecam(signed, [0, 1], how)).toThrow('row 1 (from 0) holds one below; take tukey: 1');
  expect(() => fecam(broken, [0, 1], how)).toThrow('row 1 (from 0)');
  expect(() => fecam(features, [0, 1, 2, 3], { numClasses: 4 })).toThrow('take ncm');
  expect(() => fecam(wide, [0, 1], { numClasses: 1000 })).toThrow('numClasses * featureDim^2');
  expect(() => fecam(features, [0, 0, 1, 1], { ...how, offDiagonal: 4 })).toThrow('offDiagonal must be');
  expect(() => fecam(features, [0, 0, 1, 1], { ...how, tukey: 0 })).toThrow(InputError);
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([features, signed, broken, wide]);
});
