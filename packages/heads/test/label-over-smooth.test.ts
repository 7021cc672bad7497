import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { crt, type LosOptions, labelOverSmooth, linearFrom } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { describeFromJoint } from './from-joint.ts';
import { expectGolden } from './learned.ts';
import { batchesOf, firstRows, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

describeHead('label over-smooth', async ({ batches }) => {
  const joint = await crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5 });
  const head = await labelOverSmooth(joint, batches);
  joint.dispose();
  return head;
});
describeFromJoint('label over-smooth', (joint, batches, { of, ...options }) =>
  labelOverSmooth(joint, batches, options),
);

it.each<[string, LosOptions]>([
  ['los', {}],
  ['losByDecay', { smoothing: 0.9, learningRate: 0.05, weightDecay: 5e-3 }],
])('%s ends where plain PyTorch does', async (name, options) => {
  const joint = linearFrom('joint', startWeights());
  const losses: number[] = [];
  const onEpoch = (_: number, mean: number) => losses.push(mean);
  const head = await labelOverSmooth(joint, batchesOf(), { ...options, onEpoch });
  expectGolden(name, head, losses);
  for (const one of [joint, head]) one.dispose();
});

it('makes the logits small', async () => {
  const joint = linearFrom('joint', startWeights());
  const head = await labelOverSmooth(joint, batchesOf(), { learningRate: 0.2 });
  const rows = firstRows(100);
  const spread = (one: typeof head) =>
    tf.tidy(() => {
      const z = one.logits(rows);
      return tf.mean(tf.sub(tf.max(z, 1), tf.min(z, 1))).dataSync()[0]!;
    });
  expect(spread(head)).toBeLessThan(0.2 * spread(joint));
  for (const one of [joint, head, rows]) one.dispose();
});

it.each([{ smoothing: 1.1 }, { smoothing: Number.NaN }, { epochs: 0 }])('%o is refused', async (options) => {
  const joint = linearFrom('joint', startWeights());
  const before = tf.memory().numTensors;
  await expect(labelOverSmooth(joint, batchesOf(), options)).rejects.toThrow(InputError);
  expect(tf.memory().numTensors).toBe(before);
  joint.dispose();
});
