import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { crt, disAlign, disAlignFrom, linearFrom } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { describeFromJoint } from './from-joint.ts';
import { expectGolden, reweighted, weighted } from './learned.ts';
import { batchesOf, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

describeHead('dis-align', async ({ batches }) => {
  const joint = await crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5 });
  const head = await disAlign(joint, batches, { loss: weighted([1, 1, 1]) });
  joint.dispose();
  return head;
});
describeFromJoint('dis-align', (joint, batches, { of, ...options }) =>
  disAlign(joint, batches, { ...options, loss: weighted(reweighted(of)) }),
);

it('by its defaults ends where plain PyTorch does, the joint head within it as it was', async () => {
  const joint = linearFrom('joint', startWeights());
  const losses: number[] = [];
  const onEpoch = (_: number, mean: number) => losses.push(mean);
  const head = await disAlign(joint, batchesOf(), { loss: weighted(reweighted()), onEpoch });
  expectGolden('disAlign', head, losses);
  for (const [name, value] of joint.weights)
    expect(head.weights.get(name)!.dataSync()).toEqual(value.dataSync());
  for (const one of [joint, head]) one.dispose();
});

const parts = () => ({
  weight: tf.tensor2d([1, 0, 0, 2], [2, 2]),
  logit_scale: tf.tensor1d([1, -1]),
  logit_bias: tf.tensor1d([0, 4]),
  'confidence_layer.weight': tf.tensor2d([Math.log(3), 0], [1, 2]),
  'confidence_layer.bias': tf.tensor1d([0]),
});

it('moves a score by as much as the confidence says', () => {
  const head = disAlignFrom('a', parts());
  const logits = head.logits(tf.tensor2d([[1, 1], [0, 1]])); // biome-ignore format: two rows
  toBeCloseTo(logits.dataSync(), [1.75, 0.25 * 2 + 0.75 * 4, 0, 0.5 * 2 + 0.5 * 4]); // s = 3/4, then 1/2
  logits.dispose();
  head.dispose();
});

it.each([
  ['logit_scale', tf.zeros([3]), 'logit_scale of 2 classes and 2 features must be [2], but it is [3].'],
  ['confidence_layer.weight', tf.zeros([2]), 'must be [1,2], but it is [2].'],
  ['logit_bias', undefined, 'logit_bias must be a tensor'],
  ['weight', tf.zeros([2]), 'weight must be a tensor of rank 2'],
])('refuses a %s that does not fit', (name, tensor, message) => {
  const make = () => disAlignFrom('a', { ...parts(), [name]: tensor } as never);
  expect(make).toThrow(InputError);
  expect(make).toThrow(message);
});

it('wants the loss that it is trained by', async () => {
  const joint = linearFrom('joint', startWeights());
  await expect(disAlign(joint, batchesOf(), {} as never)).rejects.toThrow('loss must be a function');
  joint.dispose();
});
