import { openCollective } from '@longtail/collective';
import { loadEngine } from '@longtail/engine';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { bucketsOf, gradientExchange } from '../src/gradient-exchange.ts';

it('cuts the gradients into buckets, from the last to the first', () => {
  const variables = [3, 1, 1, 9, 2].map((size) => ({ size }));
  const sizes = (bytes: number) =>
    bucketsOf(variables, bytes).map((bucket) => bucket.map(({ size }) => size));
  expect(sizes(4 * 4)).toEqual([[2], [9], [1, 1], [3]]); // a larger one alone
  expect(sizes(4 * 5)).toEqual([[2], [9], [1, 1, 3]]);
  expect(sizes(1e9)).toEqual([[2, 9, 1, 1, 3]]);
  expect(bucketsOf([], 1)).toEqual([]);
});

it('refuses to leave gradients of one process as they are', async () => {
  await loadEngine({ backend: 'wasm' });
  const [stepped, forgotten] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
  const exchange = gradientExchange(await openCollective(), [stepped, forgotten], { same: [] });
  const gradient = tf.scalar(3);
  expect(() => exchange.finish([stepped], [gradient])).toThrow(
    /must be of variables that the optimizer steps/,
  );
  tf.dispose([stepped, forgotten, gradient]);
});
