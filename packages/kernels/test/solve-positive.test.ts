/** Systems whose solution is known, and matrices that have none. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { maxDifference, toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { normal, solvePositive } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

const noise = (shape: number[], key: string) => normal(shape, { seed: 0, keys: [key] }) as tf.Tensor2D;
/** x^T x: positive definite where there are more rows than columns. */
const squared = (rows: number, size: number) => {
  const x = noise([rows, size], 'a');
  return tf.matMul(x, x, true) as tf.Tensor2D;
};

it('is what, multiplied, gives the right sides', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const [a, b] = [squared(60, 17), noise([17, 3], 'b')];
    const x = solvePositive(a, b, { ridge: 0.5 });
    const raised = tf.add(a, tf.mul(tf.eye(17), 0.5));
    toBeCloseTo(tf.matMul(raised as tf.Tensor2D, x).dataSync(), b.dataSync());
  });
  expect(tf.memory().numTensors).toBe(before);
});

it('keeps in float64 what float32 would lose: a ridge far below the rounding of the diagonal', () => {
  tf.tidy(() => {
    const a = tf.tensor2d([[1e6, 0], [0, 2]]); // biome-ignore format: two rows
    const x = solvePositive(a, tf.tensor2d([[1e6], [0.1]]), { ridge: 0.01 }).dataSync();
    expect(maxDifference(x, [1 / (1 + 1e-8), 0.1 / 2.01])).toBeLessThan(1e-7);
  });
});

it('reads nothing above the diagonal', () => {
  tf.tidy(() => {
    const b = tf.tensor2d([[1], [1]]);
    const [whole, lower] = [3, Number.NaN].map((above) => solvePositive(tf.tensor2d([[2, above], [1, 2]]), b)); // biome-ignore format: two rows
    expect(lower!.dataSync()).toEqual(whole!.dataSync());
  });
});

it('refuses what is not positive definite, with more dimensions than rows without a ridge, and leaves no tensor', () => {
  const [flat, b, indefinite, broken] = [
    tf.tidy(() => squared(5, 17)),
    noise([17, 3], 'b'),
    tf.tensor2d([[1, 0], [0, -1]]), // biome-ignore format: two rows
    tf.tensor2d([[1, 0], [Number.NaN, 1]]), // biome-ignore format: two rows
  ] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const two = tf.ones<tf.Rank.R2>([2, 1]);
  const before = tf.memory().numTensors;
  expect(() => solvePositive(flat, b)).toThrow('add a larger ridge');
  expect(() => solvePositive(indefinite, two, { ridge: 1 })).toThrow(InputError);
  expect(() => solvePositive(broken, two)).toThrow('smallest pivot');
  expect(() => solvePositive(flat, two)).toThrow('[17,17] and [2,1]');
  solvePositive(flat, b, { ridge: 1e-3 }).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
