import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@longtail/core';
import { maxDifference, readNpy, sharedOrSkip } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adjustPrior, logisticRegression, priorShift } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';

beforeAll(useTestBackend);

describeHead('logistic regression', ({ features, labels, numClasses }) =>
  logisticRegression(features, labels, { numClasses }),
);
describeHead('logistic regression, adjusted', async ({ features, labels, numClasses }) =>
  adjustPrior(await logisticRegression(features, labels, { numClasses }), { counts: [30, 20, 10] }),
);

interface Golden {
  readonly C: number;
  readonly classWeight: 'none' | 'balanced';
  readonly objective: number;
  readonly weight: number[];
  readonly bias: number[];
  readonly correct: number;
  readonly adjusted: number;
}
const goldens = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/logistic.json'), 'utf8'),
) as Golden[];

/** Of every fourth row, and of every ninth weight: on tfjs's own backend a fit of all takes a minute. */
describe.each(goldens)('C $C, class weights $classWeight', (golden) => {
  it('is what scikit-learn finds, and as often right on the test set', async (context) => {
    const root = sharedOrSkip(context, 'data/features');
    const npy = (name: string) => readNpy(join(root, `${name}.npy`));
    const matrix = (name: string) => {
      const { data, shape } = npy(name);
      return tf.tensor2d(Float32Array.from(data), shape as [number, number]);
    };
    const [whole, test] = [matrix('cifar10_lt100_train_features'), matrix('cifar10_test_features')];
    const features = tf.tidy(() => tf.stridedSlice(whole, [0, 0], whole.shape, [4, 1])) as tf.Tensor2D;
    const labels = Array.from(npy('cifar10_lt100_train_labels').data).filter((_, i) => i % 4 === 0);
    const { C, classWeight } = golden;
    const head = await logisticRegression(features, labels, {
      numClasses: 10,
      C,
      classWeight,
      tolerance: 2e-6,
    });
    expect(head.fit.converged).toBe(true);
    expect(Math.abs(head.fit.value - golden.objective)).toBeLessThan(1e-6 * golden.objective);
    const weight = tf.tidy(() => tf.stridedSlice(head.weights.get('weight')!, [0, 0], [10, 64], [1, 9]));
    expect(maxDifference(weight.dataSync(), golden.weight)).toBeLessThan(1e-3);
    const bias = tf.tidy(() => {
      const b = head.weights.get('bias')!;
      return tf.sub(b, tf.mean(b));
    });
    expect(maxDifference(bias.dataSync(), golden.bias)).toBeLessThan(1e-3 * 10);
    const wanted = npy('cifar10_test_labels').data;
    const right = (logits: tf.Tensor) =>
      Array.from(tf.argMax(logits, 1).dataSync()).filter((c, i) => c === wanted[i]).length;
    const counts = Array.from({ length: 10 }, (_, c) => labels.filter((label) => label === c).length);
    // of 10,000; a row on the border of two classes falls to either
    expect(Math.abs(right(head.logits(test)) - golden.correct)).toBeLessThanOrEqual(3);
    const adjusted = adjustPrior(head, { counts });
    expect(Math.abs(right(adjusted.logits(test)) - golden.adjusted)).toBeLessThanOrEqual(3);
    adjusted.dispose();
    tf.dispose([whole, features, test, weight, bias]);
  });
});

const corners = tf.tensor2d([
  [1, 0],
  [0.9, 0.2],
  [0, 1],
  [0.1, 1.2],
]);

describe('a small problem', () => {
  it('does not depend on how many rows are looked at together, nor on where it begins', async () => {
    const how = { numClasses: 2, tolerance: 1e-6 };
    const one = await logisticRegression(corners, [0, 0, 1, 1], how);
    const chunked = await logisticRegression(corners, [0, 0, 1, 1], { ...how, chunk: 3 });
    const warm = await logisticRegression(corners, [0, 0, 1, 1], { ...how, from: one });
    for (const other of [chunked, warm])
      expect(
        maxDifference(other.weights.get('weight')!.dataSync(), one.weights.get('weight')!.dataSync()),
      ).toBeLessThan(1e-4);
    expect(warm.fit.iterations).toBeLessThan(2);
    for (const head of [one, chunked, warm]) head.dispose();
  });

  it('gives a class without rows a small probability, and one class all of it', async () => {
    const head = await logisticRegression(corners, [0, 0, 2, 2], { numClasses: 3 });
    const lacking = tf.tidy(
      () => tf.max(tf.slice(tf.softmax(head.logits(corners)), [0, 1], [4, 1])).dataSync()[0]!,
    );
    expect(lacking).toBeLessThan(1e-3);
    const single = await logisticRegression(corners, [0, 0, 0, 0], { numClasses: 1 });
    expect(single.fit.converged).toBe(true);
    head.dispose();
    single.dispose();
  });

  it('names the row that is not finite, and what does not fit', async () => {
    const before = tf.memory().numTensors;
    const broken = tf.tensor2d([[1, 0], [Number.NaN, 1]]); // biome-ignore format: two rows
    await expect(logisticRegression(broken, [0, 1], { numClasses: 2 })).rejects.toThrow('row 1 (from 0)');
    await expect(logisticRegression(corners, [0, 1], { numClasses: 2 })).rejects.toThrow('2 for 4');
    await expect(logisticRegression(corners, [0, 1, 2, 0], { numClasses: 2 })).rejects.toThrow(InputError);
    await expect(logisticRegression(corners, [0, 1, 1, 0], { numClasses: 2, C: 0 })).rejects.toThrow(
      'C must be',
    );
    broken.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a prior that is moved', () => {
  it('is what the formula says', () => {
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 6));
    expect([...priorShift([90, 10], 'uniform')]).toEqual(close([Math.log(0.5 / 0.9), Math.log(5)]));
    expect([...priorShift([90, 10], 'train')]).toEqual([0, 0]);
    expect([...priorShift([90, 10, 0], [1, 2, 1])]).toEqual(close([Math.log(0.25 / 0.9), Math.log(5), 0]));
    expect(() => priorShift([90, 10], [1, 0])).toThrow('target[1] is 0');
    expect(() => priorShift([90, 10], [1])).toThrow(InputError);
  });
});
