/** Which rows are finite. */
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { checkFinite } from '../src/training-set.ts';

beforeAll(() => tf.setBackend('cpu'));

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'names the first row with %d',
  (bad) => {
    const rows = tf.tensor2d([[1, 0], [2, bad], [-bad, bad]]); // biome-ignore format: three rows
    const before = tf.memory().numTensors;
    expect(() => checkFinite(rows)).toThrow('row 1 (from 0)');
    expect(tf.memory().numTensors).toBe(before);
    rows.dispose();
  },
);

it('takes finite values whose sum is not', () => {
  const rows = tf.tensor2d([[3e38, 3e38], [-3e38, -3e38]]); // biome-ignore format: two rows
  expect(checkFinite(rows)).toBeUndefined();
  rows.dispose();
});
