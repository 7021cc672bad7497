import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { crt, linearFrom, tauExperts, trainHead } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { describeFromJoint } from './from-joint.ts';
import { adjusted, expectGolden } from './learned.ts';
import { batchesOf, firstRows, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

describeHead('tau experts', async ({ batches }) => {
  const joint = await crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5 });
  const head = await tauExperts(joint, batches, { lossAt: (tau) => adjusted(tau, [20, 20, 20]), epochs: 2 });
  joint.dispose();
  return head;
});
describeFromJoint('tau experts', (joint, batches, { of, ...options }) =>
  tauExperts(joint, batches, { ...options, epochs: 3, lossAt: (tau) => adjusted(tau, of) }),
);

it('by their defaults end where plain PyTorch does', async () => {
  const joint = linearFrom('joint', startWeights());
  const losses: number[] = [];
  const onEpoch = (_: number, mean: number) => losses.push(mean);
  const head = await tauExperts(joint, batchesOf(), { lossAt: adjusted, onEpoch });
  expectGolden('tauExperts', head, losses);
  for (const one of [joint, head]) one.dispose();
});

it('are the mean of their log-probabilities', async () => {
  const joint = linearFrom('joint', startWeights());
  const taus = [0, 3];
  const head = await tauExperts(joint, batchesOf(), { taus, epochs: 2, lossAt: adjusted });
  const rows = firstRows(30);
  const logs: tf.Tensor[] = [];
  for (const tau of taus) {
    const expert = linearFrom('expert', startWeights(), { trainable: true });
    await trainHead(expert, batchesOf(), { epochs: 2, loss: adjusted(tau) });
    logs.push(tf.tidy(() => tf.logSoftmax(expert.logits(rows))));
  }
  const together = tf.tidy(() => tf.softmax(tf.div(tf.addN(logs), 2)).dataSync());
  toBeCloseTo(
    tf.tidy(() => tf.softmax(head.logits(rows)).dataSync()),
    together,
  );
});

it.each([
  [{}, 'lossAt must be a function'],
  [{ lossAt: () => 1 }, 'lossAt(0) must be a function'],
  [{ lossAt: adjusted, taus: [] }, 'taus must hold the tau of an expert'],
  [{ lossAt: adjusted, taus: [1, Number.NaN] }, 'taus[1] must be a finite number'],
])('%o is refused', async (options, message) => {
  const joint = linearFrom('joint', startWeights());
  const before = tf.memory().numTensors;
  const refused = tauExperts(joint, batchesOf(), options as never);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
});
