/** A kernel of ours as the very first operation, before anything has chosen a backend. */
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { normal } from '../src/index.ts';

it('runs on the backend that tfjs then chooses', () => {
  expect(tf.getBackend()).toBeFalsy();
  expect(normal([2], { seed: 0 }).dataSync()).toHaveLength(2);
  expect(tf.getBackend()).toBe('cpu');
});
