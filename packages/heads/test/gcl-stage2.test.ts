import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { cosineFrom, cosineHead, gclStage2, type Head, linearHead } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { clouded, expectGolden } from './learned.ts';
import { batchesOf, counts, DIM, firstRows, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

describeHead('gcl', async ({ batches }) => {
  const joint = cosineHead({ featureDim: 4, numClasses: 3, seed: 0 });
  const loss = clouded([20, 20, 20], { margin: 0.1, scale: 20, gamma: 1 });
  const head = await gclStage2(joint, batches, { loss, learningRate: 0.1 });
  joint.dispose();
  return head;
});

const start = (): Head => {
  const { weight, bias } = startWeights();
  bias.dispose();
  return cosineFrom('joint', { weight });
};
const loss = clouded(counts, { margin: 0.1, scale: 20, gamma: 1 });

it('ends where PyTorch does, by the published rates, and leaves the joint head as it was', async () => {
  const joint = start();
  const held = [...joint.weights.get('weight')!.dataSync()];
  const before = tf.memory().numTensors;
  const losses: number[] = [];
  const head = await gclStage2(joint, batchesOf(), { loss, onEpoch: (_, value) => losses.push(value) });
  expectGolden('gcl', head, losses);
  expect(head.form).toEqual({ kind: 'cosine', scale: 20, features: 'unit' });
  expect([...joint.weights.get('weight')!.dataSync()]).toEqual(held);
  head.dispose();
  expect(tf.memory().numTensors).toBe(before);
  joint.dispose();
});

it('does not care for the order of classes, one of which has one row, and one none', async () => {
  const order = [3, 5, 0, 4, 1, 2];
  const places = order.map((_, c) => order.indexOf(c));
  const { weight, bias } = startWeights(6);
  const withNone = [...counts, 0];
  const scores = async (w: tf.Tensor2D, of: number[], rename?: (label: number) => number) => {
    const joint = cosineFrom('joint', { weight: w });
    const options = { epochs: 3, learningRate: 0.1, loss: clouded(of, { margin: 0.1, scale: 20, gamma: 1 }) };
    const head = await gclStage2(joint, batchesOf(rename), options);
    const found = tf.tidy(() => head.logits(firstRows(40)).arraySync());
    for (const one of [joint, head]) one.dispose();
    return found;
  };
  const renamed = await scores(
    tf.gather(weight, places),
    places.map((c) => withNone[c]!),
    (label) => order[label]!,
  );
  const plain = await scores(weight, withNone);
  bias.dispose();
  toBeCloseTo(
    renamed.flatMap((row) => order.map((c) => row[c]!)),
    plain.flat(),
    { relative: 1e-5 },
  );
});

it('refuses a head that is no cosine head, and keeps no tensor when it is stopped', async () => {
  const linear = linearHead({ featureDim: DIM, numClasses: 5, seed: 0 });
  const normed = cosineHead({ featureDim: DIM, numClasses: 5, seed: 0, features: 'raw' });
  const joint = start();
  const before = tf.memory().numTensors;
  for (const head of [linear, normed]) {
    const refused = gclStage2(head, batchesOf(), { loss });
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow('needs a cosine head of unit features');
  }
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(gclStage2(joint, batchesOf(), { loss, signal })).rejects.toThrow('stopped');
  expect(tf.memory().numTensors).toBe(before);
  for (const head of [linear, normed, joint]) head.dispose();
});
