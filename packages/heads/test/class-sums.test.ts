/** Sums by class and products of rows, chunk by chunk, against plain loops in float64; and in what memory. */
import '@tensorflow/tfjs';
import { classCounts, random } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { classMeans, classSums } from '../src/class-sums.ts';
import { gram } from '../src/gram.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Every class but the last, in no order. */
function sample(rows: number, numClasses: number, size: number) {
  const labels = random(0, 'sums').shuffle(Int32Array.from({ length: rows }, (_, i) => i % (numClasses - 1)));
  const features = normal([rows, size], { seed: 0 }) as tf.Tensor2D;
  return { features, set: { labels, counts: classCounts(labels, { numClasses }) } };
}

it.each([8192, 3, 1])('sums and means by class, chunks of %d', (chunk) => {
  const [numClasses, size] = [7, 5];
  const { features, set } = sample(50, numClasses, size);
  const before = tf.memory().numTensors;
  const expected = new Float64Array(numClasses * size);
  features.dataSync().forEach((value, i) => {
    expected[set.labels[Math.floor(i / size)]! * size + (i % size)]! += value;
  });
  const rowsOf = (start: number, count: number) => tf.slice(features, [start, 0], [count, -1]);
  const sums = classSums(rowsOf, set.labels, { numClasses, chunk });
  toBeCloseTo(sums.dataSync(), expected); // nine float32 summands
  const doubled = classMeans(features, set, { chunk, seen: (rows) => tf.mul(rows, 2) });
  toBeCloseTo(
    doubled.dataSync(),
    expected.map((sum, i) => (2 * sum) / Math.max(1, set.counts[Math.floor(i / size)]!)),
  );
  expect(tf.memory().numTensors).toBe(before + 2);
  tf.dispose([features, sums, doubled]);
});

it('take the memory of the sums, not of a one-hot row a label', async () => {
  const [rows, numClasses] = [1000, 500];
  const { features, set } = sample(rows, numClasses, 8);
  const { numBytes, numTensors } = tf.memory();
  const { peakBytes } = await tf.profile(() => classMeans(features, set).dispose());
  // The sums so far, those of some rows and both together; one-hot rows are 2 MB.
  expect(peakBytes - numBytes).toBeLessThan(2 * 8 * rows * 4);
  expect(tf.memory().numTensors).toBe(numTensors);
  features.dispose();
});

it.each([50, 8, 1])('a product of rows, chunks of %d', (chunk) => {
  const { features } = sample(50, 3, 4);
  const before = tf.memory().numTensors;
  const product = gram((start, count) => tf.slice(features, [start, 0], [count, -1]), { total: 50, chunk });
  toBeCloseTo(
    product.dataSync(),
    tf.tidy(() => tf.matMul(features, features, true).dataSync()),
  );
  expect(tf.memory().numTensors).toBe(before + 1);
  tf.dispose([features, product]);
});
