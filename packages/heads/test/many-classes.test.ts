/** Logistic regression of 200 classes of 7 to 1 rows, against scikit-learn's (golden/logistic_many.py). */
import '@tensorflow/tfjs';
import { maxDifference } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { adjustPrior, logisticRegression } from '../src/index.ts';
import { golden } from './samples.ts';

beforeAll(useTestBackend);

const [CLASSES, DIM, QUERIES] = [200, 8, 400];
const counts = Array.from({ length: CLASSES }, (_, c) => 1 + Math.trunc(6 * 0.985 ** c));

/** The rows of the golden script. */
function drawn() {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const centres = Float64Array.from({ length: CLASSES * DIM }, uniform);
  const rows = (labels: number[]) =>
    tf.tensor2d(
      labels.flatMap((c) => Array.from({ length: DIM }, (_, d) => 2 * centres[c * DIM + d]! + uniform())),
      [labels.length, DIM],
    );
  const labels = counts.flatMap((n, c) => new Array<number>(n).fill(c));
  const expected = Array.from({ length: QUERIES }, (_, i) => i % CLASSES);
  return { labels, features: rows(labels), expected, queries: rows(expected) };
}

const wanted = golden('logistic_many') as {
  objective: number;
  weight: number[];
  bias: number[];
  adjusted: number;
};

function centred(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  const mean = all.reduce((a, b) => a + b) / all.length;
  return all.map((value) => value - mean);
}

it('of many classes is what scikit-learn finds', async () => {
  const { features, labels, queries, expected } = drawn();
  const rough = await logisticRegression(features, labels, { numClasses: CLASSES });
  const fine = await logisticRegression(features, labels, {
    numClasses: CLASSES,
    tolerance: 5e-6,
    from: rough,
  });
  // where it ends by default the objective is the same, and what is right; the weights are where it goes on
  for (const [head, objective, weights] of [
    [rough, 1e-4, 0.05],
    [fine, 1e-6, 1e-3],
  ] as const) {
    expect(head.fit.converged).toBe(true);
    expect(Math.abs(head.fit.value - wanted.objective)).toBeLessThan(objective * wanted.objective);
    const [weight, bias] = [head.weights.get('weight')!, head.weights.get('bias')!];
    const some = tf.tidy(() => tf.stridedSlice(weight, [0, 0], [CLASSES, DIM], [9, 1]).dataSync());
    expect(maxDifference(some, wanted.weight)).toBeLessThan(weights);
    expect(maxDifference(centred(bias.dataSync()), wanted.bias)).toBeLessThan(weights);
    const adjusted = adjustPrior(head, { counts });
    const scores = adjusted.logits(queries);
    const found = tf.tidy(() => tf.argMax(scores, 1).dataSync());
    const right = expected.filter((c, i) => c === found[i]).length;
    // of 400; a row on the border of two classes falls to either
    expect(Math.abs(right - wanted.adjusted)).toBeLessThanOrEqual(2);
    scores.dispose();
    adjusted.dispose();
    head.dispose();
  }
  tf.dispose([features, queries]);
});
