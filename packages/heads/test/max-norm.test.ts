import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { crt, linearFrom, type MaxNormOptions, maxNorm } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { describeFromJoint } from './from-joint.ts';
import { effectiveNumber, expectGolden, weighted } from './learned.ts';
import { batchesOf, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

describeHead('max-norm', async ({ batches }) => {
  const joint = await crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5 });
  const head = await maxNorm(joint, batches, { loss: weighted([1, 1, 1]) });
  joint.dispose();
  return head;
});
describeFromJoint('max-norm', (joint, batches, { of, ...options }) =>
  maxNorm(joint, batches, { ...options, loss: weighted(effectiveNumber(of)) }),
);

const loss = weighted(effectiveNumber());

describe('max-norm by its defaults ends where plain PyTorch does', () => {
  it.each<[string, MaxNormOptions]>([
    ['maxNorm', {}],
    ['maxNormByEpoch', { project: 'epoch' }],
    ['maxNormOfClasses', { radius: [0.5, 1, 1.5, 2, 9] }],
  ])('%s', async (name, options) => {
    const joint = linearFrom('joint', startWeights());
    const losses: number[] = [];
    let steps = 0;
    const head = await maxNorm(joint, batchesOf(), {
      ...options,
      loss,
      onEpoch: (_, mean) => losses.push(mean),
      afterStep: () => steps++,
    });
    expectGolden(name, head, losses);
    expect(steps).toBe(20);
    for (const one of [joint, head]) one.dispose();
  });
});

it.each([
  [{ loss: undefined }, 'loss must be a function'],
  [{ loss, radius: 0 }, 'radius must be a number above 0'],
  [{ loss, radius: [1, 2] }, 'radius must hold a weight for each of the 5 classes'],
  [{ loss, share: 1.5 }, 'share must be'],
  [{ loss, project: 'batch' }, 'project must be one of step, epoch'],
])('%o is refused', async (options, message) => {
  const joint = linearFrom('joint', startWeights());
  const before = tf.memory().numTensors;
  const refused = maxNorm(joint, batchesOf(), options as never);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
  joint.dispose();
});
