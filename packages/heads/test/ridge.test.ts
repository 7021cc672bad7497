import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Head, type RidgeOptions, ridge } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { everyNinth, golden, matrixOf, predicted, realFeatures, rightOnes, runs } from './samples.ts';

beforeAll(() => tf.setBackend('cpu'));

for (const classWeight of ['none', 'balanced'] as const)
  describeHead(`ridge, class weights ${classWeight}`, ({ features, labels, numClasses }) =>
    ridge(features, labels, { numClasses, classWeight }),
  );

type Golden = Required<Pick<RidgeOptions, 'alpha' | 'classWeight'>> & {
  readonly weight: number[];
  readonly bias: number[];
  readonly correct: number;
};
const { real, small } = golden('ridge') as { real: Golden[]; small: Golden[] };

// Float32 sums of rows, whose smallest values are the inverse's largest: 1e-4 of the largest weight.
function expectWeights(head: Head, { weight, bias }: Golden): void {
  toBeCloseTo(everyNinth(head), weight, { relative: 1e-4 });
  toBeCloseTo(head.weights.get('bias')!.dataSync(), bias, { relative: 1e-4 });
}

describe.each(real)('class weights $classWeight, alpha $alpha', (of) => {
  it("is scikit-learn's on real features, and as often right", (context) => {
    const { features, labels, test, testLabels } = realFeatures(context, { every: 4 });
    const { alpha, classWeight } = of;
    const head = ridge(features, labels, { numClasses: 10, alpha, classWeight });
    expectWeights(head, of);
    // of 10,000; a row on the border of two classes falls to either
    expect(Math.abs(rightOnes(predicted(head, test), testLabels) - of.correct)).toBeLessThanOrEqual(2);
    head.dispose();
    tf.dispose([features, test]);
  });
});

const some = (rows: number, columns: number) => matrixOf(rows, columns, (k) => Math.sin((k + 1) ** 2 / 10));

it.each(small)("few rows of more dimensions give scikit-learn's: $classWeight, $alpha", (of) => {
  const features = some(30, 40);
  const { alpha, classWeight } = of;
  const head = ridge(features, runs(14, 9, 5, 2), { numClasses: 4, alpha, classWeight });
  expectWeights(head, of);
  head.dispose();
  features.dispose();
});

it('a class without rows scores -Infinity and changes nothing; one class is 1 everywhere', () => {
  const features = some(10, 4);
  const [two, three, one] = [
    ridge(features, runs(7, 3), { numClasses: 2, classWeight: 'balanced' }),
    ridge(features, runs(7, 3), { numClasses: 3, classWeight: 'balanced' }),
    ridge(features, runs(10), { numClasses: 1 }),
  ] as [Head, Head, Head];
  const [few, more] = [two, three].map((head) => head.logits(features).dataSync());
  toBeCloseTo(
    more!.filter((_, i) => i % 3 < 2),
    few!,
  );
  expect(more!.filter((_, i) => i % 3 === 2)).toEqual(new Float32Array(10).fill(Number.NEGATIVE_INFINITY));
  toBeCloseTo(one.logits(features).dataSync(), new Float32Array(10).fill(1));
  for (const head of [two, three, one]) head.dispose();
  features.dispose();
});

it('says what is wrong, and leaves no tensor', () => {
  const features = some(3, 8);
  const broken = tf.tensor2d([[1, 0], [Number.NaN, 1]]); // biome-ignore format: two rows
  const before = tf.memory().numTensors;
  const labels = [0, 1, 1];
  expect(() => ridge(features, labels, { numClasses: 2, alpha: 0 })).toThrow('alpha must be');
  expect(() => ridge(features, labels, { numClasses: 2, alpha: 1e-12 })).toThrow('add a larger ridge');
  expect(() => ridge(broken, [0, 1], { numClasses: 2 })).toThrow('row 1 (from 0)');
  expect(() => ridge(features, [0], { numClasses: 2 })).toThrow('1 for 3');
  expect(() => ridge(features, labels, { numClasses: 1 })).toThrow(InputError);
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([features, broken]);
});
