/** Labels beyond the classes of the logits are refused by every loss, whatever the backend would make of them. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import * as losses from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

const COUNTS = [50, 5, 1];
it.each(
  Object.entries({
    crossEntropy: () => losses.crossEntropy(),
    smoothed: () => losses.crossEntropy({ smoothing: 0.1 }),
    balancedSoftmax: () => losses.balancedSoftmax(COUNTS),
    ldam: () => losses.ldam(COUNTS),
    'sigmoid focal': () => losses.focal({ form: 'sigmoid' }),
    drw: () => losses.drw(COUNTS, (weights) => losses.ldam(COUNTS, { weights })),
  }),
)('%s', (_, make) => {
  const loss = make();
  const logits = tf.zeros<tf.Rank.R2>([2, 3]);
  const before = tf.memory().numTensors;
  const value = (...given: number[]): number =>
    tf.tidy(() => loss(logits, tf.tensor1d(given, 'int32'), { epoch: 0 }).dataSync()[0]!);
  const good = value(0, 2);
  expect(good).toBeGreaterThan(0);
  for (const wrong of [3, -1, 1e9]) {
    expect(() => value(0, wrong)).toThrow(InputError);
    expect(() => value(0, wrong)).toThrow(`labels must be integers from 0 to 2, but labels[1] is ${wrong}.`);
  }
  expect(value(0, 2)).toBe(good);
  expect(tf.memory().numTensors).toBe(before);
  logits.dispose();
});
