import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { crt, linearFrom, tde, tdeFrom } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { describeFromJoint } from './from-joint.ts';
import { expectGolden } from './learned.ts';
import { batchesOf, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

describeHead('tde', async ({ batches }) => {
  const joint = await crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5 });
  const head = await tde(joint, batches, { parts: 1, alpha: 1 });
  joint.dispose();
  return head;
});
describeFromJoint('tde', (joint, batches, { of, ...options }) =>
  tde(joint, batches, { ...options, epochs: 3 }),
);

it.each([
  ['tde', {}],
  ['tdeOfOnePart', { parts: 1, scale: 8, gamma: 0.1, alpha: 1.5, mu: 0.9 }],
])('%s ends where plain PyTorch does, and predicts as it does', async (name, options) => {
  const joint = linearFrom('joint', startWeights());
  const losses: number[] = [];
  let steps = 0;
  const head = await tde(joint, batchesOf(), {
    ...options,
    onEpoch: (_, mean) => losses.push(mean),
    afterStep: () => steps++,
  });
  expectGolden(name, head, losses);
  expect(steps).toBe(20);
  expect(head.trainable).toEqual([]);
  for (const one of [joint, head]) one.dispose();
});

const parts = () => ({ weight: tf.tensor2d([3, 4, 0, 2, 0, 0], [3, 2]), mean: tf.tensor1d([5, 0]) });

it('takes away what a feature has of the mean direction', () => {
  const head = tdeFrom('a', parts(), { parts: 1, scale: 10, gamma: 1, alpha: 1 });
  const logits = head.logits(tf.tensor2d([[3, 4], [7, 0], [0, 0]])); // biome-ignore format: three rows
  // the second of (0.6, 0.8) is left, times 4 / (5 + 1), 2 / (2 + 1) and 0
  toBeCloseTo(logits.dataSync(), [8 * (4 / 6), 8 * (2 / 3), 0, 0, 0, 0, 0, 0, 0]);
  head.dispose();
});

it.each([
  [{ parts: 3 }, 'parts must divide the 4 features, but there are 3'],
  [{ scale: 0 }, 'scale must be a number above 0'],
  [{ gamma: 0 }, 'gamma must be a number above 0'],
  [{ alpha: -1 }, 'alpha must be a number >= 0'],
  [{ mu: 1.5 }, 'mu must be a number in [0, 1]'],
])('%o is refused', async (options, message) => {
  const joint = linearFrom('joint', startWeights());
  const before = tf.memory().numTensors;
  const refused = tde(joint, batchesOf(), options);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
  joint.dispose();
});

it('refuses a mean that does not fit', () => {
  const make = () => tdeFrom('a', { ...parts(), mean: tf.zeros([3]) });
  expect(make).toThrow('mean must be [2], as wide as the weight, but it is [3].');
});
