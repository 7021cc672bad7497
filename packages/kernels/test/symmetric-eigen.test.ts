/** Matrices put together again, and what is none. */
import '@tensorflow/tfjs';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { normal, symmetricEigen } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

it.each([1, 2, 17])('V diag(w) V^T is the matrix, V^T V is 1, of %d dimensions', (size) => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = normal([size, size], { seed: 0 }) as tf.Tensor2D;
    const a = tf.add(x, tf.transpose(x)) as tf.Tensor2D; // of both signs
    const { values, vectors } = symmetricEigen(a);
    const again = tf.matMul(tf.mul(vectors, values) as tf.Tensor2D, vectors, false, true);
    toBeCloseTo(again.dataSync(), a.dataSync(), { relative: 2e-6 }); // vectors are float32
    toBeCloseTo(tf.matMul(vectors, vectors, true).dataSync(), tf.eye(size).dataSync(), { relative: 2e-6 });
    const found = values.dataSync();
    expect([...found]).toEqual([...found].toSorted((p, q) => p - q));
    for (const column of tf.unstack(vectors, 1)) {
      const all = [...column.dataSync()];
      expect(Math.max(...all)).toBe(Math.max(...all.map(Math.abs)));
    }
  });
  expect(tf.memory().numTensors).toBe(before);
});

it('reads nothing above the diagonal', () => {
  tf.tidy(() => {
    const { values } = symmetricEigen(tf.tensor2d([[2, 9], [1, 2]])); // biome-ignore format: two rows
    toBeCloseTo(values.dataSync(), [1, 3]);
  });
});

it('refuses what is not square or not finite, and leaves no tensor', () => {
  const [flat, broken] = [tf.zeros<tf.Rank.R2>([2, 3]), tf.tensor2d([[1, 0], [Number.NaN, 1]])]; // biome-ignore format: two rows
  const before = tf.memory().numTensors;
  expect(() => symmetricEigen(flat)).toThrow('square matrix');
  expect(() => symmetricEigen(broken)).toThrow('finite values');
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([flat, broken]);
});
