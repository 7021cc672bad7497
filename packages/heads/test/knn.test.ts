import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type KnnOptions, knn } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { golden, matrixOf, predicted, realFeatures, rightOnes, runs } from './samples.ts';

beforeAll(() => tf.setBackend('cpu'));

for (const distance of ['cosine', 'l2'] as const)
  describeHead(`knn, ${distance}`, ({ features, labels, numClasses }) =>
    knn(features, labels, { numClasses, distance }),
  );

type How = Required<Pick<KnnOptions, 'k' | 'distance' | 'power'>>;
const { real, small } = golden('knn') as {
  real: (How & { predicted: string; correct: number })[];
  small: (How & { scores: number[] })[];
};

const whole = (rows: number, a: number, b: number) => matrixOf(rows, 7, (k) => ((a * k * k + b) % 11) - 5);

it.each(small)("has NumPy's scores of whole numbers: k $k, power $power", ({ scores, ...how }) => {
  tf.tidy(() => {
    const head = knn(whole(40, 3, 1), runs(22, 11, 6, 1), { numClasses: 4, ...how });
    const found = head.logits(whole(30, 5, 2)).dataSync();
    toBeCloseTo(found, scores, { relative: 1e-6 }); // which rows vote is exact, their votes are float32
    head.dispose();
  });
});

describe.each(real)('k $k, $distance, power $power', ({ predicted: expected, correct, ...how }) => {
  it('predicts on real features what NumPy does', (context) => {
    const { features, labels, test, testLabels } = realFeatures(context, { everyTest: 25 });
    const head = knn(features, labels, { numClasses: 10, ...how });
    const found = predicted(head, test);
    expect(found.join('')).toBe(expected);
    expect(rightOnes(found, testLabels)).toBe(correct);
    head.dispose();
    tf.dispose([features, test]);
  });
});

describe('votes', () => {
  const rows = () => tf.tensor2d([[0, 1], [0, 2], [0, 3], [3, 0], [0, -4]]); // biome-ignore format: five rows
  const at = (x: number, y: number) => tf.tensor2d([[x, y]]);

  it('count for less in a frequent class, and for nothing in one that is not near; one without rows is out', () => {
    const [features, query] = [rows(), at(1, 1)];
    const head = knn(features, [0, 0, 0, 1, 3], { numClasses: 4, k: 4, distance: 'l2', power: 1 });
    toBeCloseTo(head.logits(query).dataSync().slice(0, 2), [1, 1]);
    expect([...head.logits(query).dataSync().slice(2)]).toEqual([Number.NEGATIVE_INFINITY, 0]);
    const plain = knn(features, [0, 0, 0, 1, 3], { numClasses: 4, k: 4, power: 0 });
    toBeCloseTo(plain.logits(query).dataSync().slice(0, 2), [3, 1]);
    for (const one of [head, plain]) one.dispose();
    tf.dispose([features, query]);
  });

  it('of equally near rows are those of the first', () => {
    const [features, query] = [tf.ones<tf.Rank.R2>([3, 2]), at(1, 0)];
    for (const distance of ['cosine', 'l2'] as const) {
      const head = knn(features, [2, 0, 1], { numClasses: 3, k: 1, distance });
      expect([...head.logits(query).dataSync()]).toEqual([0, 0, 1]);
      head.dispose();
    }
    tf.dispose([features, query]);
  });

  it('of all, where there are fewer rows than 20', () => {
    const features = rows();
    const head = knn(features, [0, 0, 0, 0, 0], { numClasses: 1, power: 0 });
    expect([...head.logits(features).dataSync()]).toEqual([5, 5, 5, 5, 5]);
    expect(head.logits(tf.zeros([0, 2])).shape).toEqual([0, 1]);
    head.dispose();
    features.dispose();
  });
});

it('never holds all likenesses at once, and gives the same', async () => {
  const [features, queries] = [whole(300, 3, 1), whole(400, 5, 2)];
  const how = { numClasses: 300, k: 3, distance: 'l2' } as const;
  const labels = Array.from({ length: 300 }, (_, i) => i);
  const [head, chunked] = [knn(features, labels, how), knn(features, labels, { ...how, chunk: 7 })];
  const { numBytes } = tf.memory();
  const { peakBytes } = await tf.profile(() => chunked.logits(queries).dispose());
  // The logits, as parts and put together, and a few tensors of 7 rows; all likenesses are as much once more, three times.
  expect(peakBytes - numBytes).toBeLessThan(2.5 * 400 * 300 * 4);
  expect(chunked.logits(queries).dataSync()).toEqual(head.logits(queries).dataSync());
  for (const one of [head, chunked]) one.dispose();
  tf.dispose([features, queries]);
});

it('says what is wrong, and leaves no tensor', () => {
  const features = whole(3, 1, 0);
  const broken = tf.tensor2d([[1, 0], [Number.POSITIVE_INFINITY, 1]]); // biome-ignore format: two rows
  const before = tf.memory().numTensors;
  const labels = [0, 1, 1];
  expect(() => knn(features, labels, { numClasses: 2, k: 4 })).toThrow(
    'at most the number of training rows, 3',
  );
  expect(() => knn(features, labels, { numClasses: 2, k: 0 })).toThrow(InputError);
  expect(() => knn(features, labels, { numClasses: 2, power: -1 })).toThrow('power must be');
  expect(() => knn(features, labels, { numClasses: 2, distance: 'dot' as never })).toThrow('cosine, l2');
  expect(() => knn(broken, [0, 1], { numClasses: 2 })).toThrow('row 1 (from 0)');
  expect(() => knn(features, [0], { numClasses: 2 })).toThrow('1 for 3');
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([features, broken]);
});
