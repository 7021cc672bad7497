import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type RanpacOptions, ranpac, ridge } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { golden, matrixOf, predicted, realFeatures, rightOnes, runs } from './samples.ts';

beforeAll(() => tf.setBackend('cpu'));

for (const alpha of [1, 'held-out'] as const)
  describeHead(`ranpac, alpha ${alpha}`, ({ features, labels, numClasses }) =>
    ranpac(features, labels, { numClasses, seed: 0, width: 50, alpha }),
  );

type Golden = Pick<Required<RanpacOptions>, 'classWeight'> & {
  readonly alpha: number;
  readonly isChosen: boolean;
  readonly logits: number[];
  readonly weight: number[];
};
const labels = runs(27, 13, 6, 2);
const samples = () =>
  matrixOf(
    48,
    6,
    (k) => Math.fround(Math.sin((k + 1) ** 2 / 10)) + (labels[Math.floor(k / 6)] === k % 6 ? 2 : 0),
  );

describe.each(golden('ranpac') as Golden[])('class weights $classWeight, alpha $alpha', (of) => {
  it("is what the published code's steps give, chunk by chunk too, and chooses the same alpha", () => {
    const { classWeight, alpha, isChosen } = of;
    const features = samples();
    for (const chunk of [1024, 7]) {
      const how = { numClasses: 4, seed: 3, width: 60, classWeight, chunk };
      const head = ranpac(features, labels, { ...how, alpha: isChosen ? 'held-out' : alpha });
      expect(head.alpha).toBeCloseTo(alpha, 12);
      const weight = head.weights.get('weight')!.dataSync();
      // Float32 products of 60 neurons in G, of which all but a few values are near alpha: 1e-4 of the largest.
      toBeCloseTo(
        weight.filter((_, i) => i % 9 === 0),
        of.weight,
        { relative: 1e-4 },
      );
      toBeCloseTo(head.logits(features).dataSync(), of.logits, { relative: 1e-4 });
      head.dispose();
    }
    features.dispose();
  });
});

it('is more often right on real features than ridge regression of the features themselves', (context) => {
  const { features, labels: classes, test, testLabels } = realFeatures(context, { every: 6, everyTest: 4 });
  const heads = [
    ridge(features, classes, { numClasses: 10, alpha: 1 }),
    ranpac(features, classes, { numClasses: 10, seed: 0, width: 300, alpha: 100 }),
  ];
  const [plain, random] = heads.map((head) => rightOnes(predicted(head, test), testLabels));
  // NumPy, other random numbers, all test rows: 53.4 % and 60.2 %; of 2500 rows one in a hundred is chance
  expect(random! - plain!).toBeGreaterThan(0.03 * testLabels.length);
  for (const head of heads) head.dispose();
  tf.dispose([features, test]);
});

it('a class without rows scores -Infinity; another seed is another head', () => {
  const features = samples();
  const [one, other] = [0, 1].map((seed) =>
    ranpac(features, labels, { numClasses: 5, seed, width: 20, alpha: 1 }),
  );
  const logits = one!.logits(features).dataSync();
  expect(logits.filter((_, i) => i % 5 === 4)).toEqual(new Float32Array(48).fill(Number.NEGATIVE_INFINITY));
  expect(logits.filter((_, i) => i % 5 !== 4).every(Number.isFinite)).toBe(true);
  expect(other!.logits(features).dataSync()).not.toEqual(logits);
  for (const head of [one!, other!]) head.dispose();
  features.dispose();
});

it('says what is wrong, and leaves no tensor', () => {
  const features = samples();
  const few = tf.slice(features, [0, 0], [4, 6]);
  const huge = tf.tidy(() => tf.mul<tf.Tensor2D>(features, 1e9));
  const broken = tf.tensor2d([[1, 0], [Number.NaN, 1]]); // biome-ignore format: two rows
  const before = tf.memory().numTensors;
  const how = { numClasses: 4, seed: 0, width: 60 };
  expect(() => ranpac(few, [0, 1, 2, 3], how)).toThrow('five rows');
  expect(() => ranpac(huge, labels, how)).toThrow('scale them down');
  expect(() => ranpac(features, labels, { ...how, alpha: 1e-9 })).toThrow('add a larger ridge');
  expect(() => ranpac(features, labels, { ...how, alpha: 0 })).toThrow('alpha must be');
  expect(() => ranpac(features, labels, { ...how, width: 0 })).toThrow('width must be');
  expect(() => ranpac(features, labels, { ...how, seed: 0.5 })).toThrow(InputError);
  expect(() => ranpac(broken, [0, 1], how)).toThrow('row 1 (from 0)');
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([features, few, huge, broken]);
});
