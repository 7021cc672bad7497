import { random } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { type Head, logisticRegression } from '@longtail/heads';
import { normal, sparseCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { chooseOnComponents, chooseOnRows } from '../src/rebalance/choose-c.ts';
import { fewComponents } from '../src/rebalance/few-components.ts';
import type { FoldRows, Rows } from '../src/rebalance/fit-context.ts';
import { isLong, isWideAndLong, longNotes, toleranceOf } from '../src/rebalance/long-fits.ts';

beforeAll(async () => {
  await loadEngine({ backend: 'torch' });
});

const [CLASSES, DIM] = [5, 600];

/** Classes about centres in 20 of the dimensions, and noise in all. */
function draw(n: number, key: string): Rows {
  const labels = random(0, key).shuffle(Int32Array.from({ length: n }, (_, i) => (i * i) % CLASSES));
  const features = tf.tidy(() => {
    const centres = normal([CLASSES, 20], { seed: 0, keys: ['centres'] });
    const wide = tf.pad2d(tf.gather(centres, tf.tensor1d(labels, 'int32')) as tf.Tensor2D, [
      [0, 0],
      [0, DIM - 20],
    ]);
    const noise = tf.add(tf.mul(wide, 0.1), 1);
    return tf.add<tf.Tensor2D>(tf.add(wide, noise), normal([n, DIM], { seed: 0, keys: [key], deviation: 2 }));
  });
  return { features, labels };
}

const withFold = async (work: (fold: FoldRows) => Promise<void>): Promise<void> => {
  const fold = { fit: draw(400, 'fit'), held: draw(300, 'held') };
  try {
    await work(fold);
  } finally {
    tf.dispose([fold.fit.features, fold.held.features]);
  }
};

it('gives a head on components back to the rows as they are', () =>
  withFold(async (fold) => {
    const before = tf.memory().numTensors;
    const few = fewComponents(fold);
    const { features, labels } = few.rows.fit;
    expect(features.shape).toEqual([400, 256]);
    const head = await logisticRegression(features, labels, { numClasses: CLASSES });
    const wide = few.widen(head);
    const [seen, back] = tf.tidy(() => [
      head.logits(few.rows.held.features).dataSync().slice(),
      wide.logits(fold.held.features).dataSync().slice(),
    ]);
    // float32 sums of 600 products
    back!.forEach((logit, i) => {
      expect(Math.abs(logit - seen![i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(seen![i]!)));
    });
    for (const made of [few, head, wide]) made.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }));

/** The mean of -log p of the held-out rows. */
const lossOf = (head: Head, { held: { features, labels } }: FoldRows): number =>
  tf.tidy(() =>
    tf.mean(sparseCrossEntropy(head.logits(features), tf.tensor1d(labels, 'int32'))).dataSync(),
  )[0]!;

it('chooses on components as well as on the rows as they are, and fits the folds on those', () =>
  withFold(async (fold) => {
    const before = tf.memory().numTensors;
    const options = { numClasses: CLASSES, signal: undefined };
    const onRows = await chooseOnRows([fold], options);
    const onComponents = await chooseOnComponents([fold], options);
    const [own, other] = [onRows.folds[0]!, onComponents.folds[0]!];
    expect([onRows.C, other.featureDim]).toEqual([0.01, DIM]);
    // 0.01 and 0.1 are hardly apart here; their neighbours' losses are 1.16 and 1.32 times as large
    expect(lossOf(other, fold)).toBeLessThan(1.05 * lossOf(own, fold));
    for (const head of [own, other]) head.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }));

it('begins anywhere, and goes on to both sides', () =>
  withFold(async (fold) => {
    const before = tf.memory().numTensors;
    const options = { numClasses: CLASSES, signal: undefined };
    const all = await chooseOnRows([fold], options);
    for (const begin of [0.01, 0.1, 1]) {
      const { C, folds } = await chooseOnRows([fold], options, { begin });
      expect([0.01, 0.1]).toContain(C); // which are hardly apart
      expect(lossOf(folds[0]!, fold)).toBeLessThan(1.05 * lossOf(all.folds[0]!, fold));
      folds[0]!.dispose();
    }
    all.folds[0]!.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }));

it('keeps nothing where it is stopped', () =>
  withFold(async (fold) => {
    const before = tf.memory().numTensors;
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(chooseOnComponents([fold], { numClasses: CLASSES, signal })).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  }));

it('takes fits for long by rows, numbers and classes together, and says so', () => {
  expect([isLong([100_000, 2048], 1000), isLong([10_000, 2048], 100)]).toEqual([true, false]);
  expect([isWideAndLong([100_000, 2048], 1000), isWideAndLong([100_000, 512], 1000)]).toEqual([true, false]);
  // more numbers than rows, and more than a covariance is made of
  expect([isWideAndLong([200, 4000], 50_000), isWideAndLong([50_000, 20_000], 100)]).toEqual([false, false]);
  expect([toleranceOf([100_000, 2048], 1000), toleranceOf([1000, 64], 10)]).toEqual([1e-3, 1e-4]);
  expect(toleranceOf([10_000_000, 2048], 2)).toBe(1e-4);
  expect(toleranceOf([1_000_000, 2048], 200) * Math.sqrt(2 / 200)).toBeCloseTo(5e-5, 12); // half of scikit-learn's
  expect(longNotes([100_000, 2048], 1000)[0]).toContain('chosen by folds or validation rows');
  expect(longNotes([100_000, 512], 1000)).toHaveLength(1);
  expect(longNotes([1000, 64], 10)).toEqual([]);
});
