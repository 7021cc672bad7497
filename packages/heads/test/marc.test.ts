import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { crt, linearFrom, marc } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { describeFromJoint } from './from-joint.ts';
import { expectGolden, reweighted, weighted } from './learned.ts';
import { batchesOf, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

describeHead('marc', async ({ batches }) => {
  const joint = await crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5 });
  const head = await marc(joint, batches, { loss: weighted([1, 1, 1]) });
  joint.dispose();
  return head;
});
describeFromJoint('marc', (joint, batches, { of, ...options }) =>
  marc(joint, batches, { ...options, loss: weighted(reweighted(of)) }),
);

const loss = weighted(reweighted());

it('by its defaults ends where plain PyTorch does, as one linear head', async () => {
  const joint = linearFrom('joint', startWeights());
  const losses: number[] = [];
  const head = await marc(joint, batchesOf(), { loss, onEpoch: (_, mean) => losses.push(mean) });
  expectGolden('marc', head, losses);
  expect(head.isLinear).toBe(true);
  for (const one of [joint, head]) one.dispose();
});

it('starts as the joint head', async () => {
  const joint = linearFrom('joint', startWeights());
  const head = await marc(joint, batchesOf(), { loss, epochs: 1, learningRate: 0 });
  for (const [name, value] of joint.weights)
    expect(head.weights.get(name)!.dataSync()).toEqual(value.dataSync());
  for (const one of [joint, head]) one.dispose();
});

it('learns an offset of a joint head without a bias', async () => {
  const { weight, bias } = startWeights();
  bias.dispose();
  const joint = linearFrom('joint', { weight });
  const head = await marc(joint, batchesOf(), { loss, epochs: 1 });
  expect(Math.max(...head.weights.get('bias')!.dataSync().map(Math.abs))).toBeGreaterThan(0.01);
  for (const one of [joint, head]) one.dispose();
});

it('wants the loss that it is trained by', async () => {
  const joint = linearFrom('joint', startWeights());
  const refused = marc(joint, batchesOf(), {} as never);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow('loss must be a function');
  joint.dispose();
});
