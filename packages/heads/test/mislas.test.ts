/** LWS whose head moves along, and MiSLAS, which is made of it. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { crt, linearFrom, lws, mislas, trainHead } from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { describeFromJoint } from './from-joint.ts';
import { expectGolden, labelAware } from './learned.ts';
import { batchesOf, firstRows, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

describeHead('mislas', async ({ batches }) => {
  const joint = await crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5 });
  const head = await mislas(joint, batches, { loss: labelAware(0.3, 0, [20, 20, 20]) });
  joint.dispose();
  return head;
});
describeFromJoint('mislas', (joint, batches, { of, ...options }) =>
  mislas(joint, batches, { ...options, loss: labelAware(0.3, 0, of) }),
);
describeFromJoint('lws', (joint, batches, { of, ...options }) => lws(joint, batches, options));

describe('ends where plain PyTorch does', () => {
  it('lws with a head at a fifth of the rate', async () => {
    const joint = linearFrom('joint', startWeights());
    const losses: number[] = [];
    const onEpoch = (_: number, mean: number) => losses.push(mean);
    const head = await lws(joint, batchesOf(), { headRate: 0.2, onEpoch });
    expectGolden('lwsWithHead', head, losses);
    for (const one of [joint, head]) one.dispose();
  });

  it.each([
    ['mislas', {}],
    ['mislasOfCifar', { headRate: 0.2 }],
  ])('%s, by its defaults, as one linear head', async (name, options) => {
    const joint = linearFrom('joint', startWeights());
    const losses: number[] = [];
    const onEpoch = (_: number, mean: number) => losses.push(mean);
    const head = await mislas(joint, batchesOf(), { ...options, loss: labelAware(0.3, 0), onEpoch });
    expectGolden(name, head, losses);
    expect(head.isLinear).toBe(true);
    for (const one of [joint, head]) one.dispose();
  });
});

it('mislas is the linear head of its scales, with or without a bias', async () => {
  const { weight, bias } = startWeights();
  bias.dispose();
  const joint = linearFrom('joint', { weight });
  const loss = labelAware(0.3, 0);
  const how = { loss, epochs: 2, learningRate: 0.1, headRate: 0 };
  const [folded, scaled] = [await mislas(joint, batchesOf(), how), await lws(joint, batchesOf(), how)];
  const rows = firstRows(20);
  toBeCloseTo(folded.logits(rows).dataSync(), scaled.logits(rows).dataSync());
  expect([...folded.weights.keys()]).toEqual(['weight']);
  expect(scaled.weights.get('weight')!.dataSync()).toEqual(joint.weights.get('weight')!.dataSync());
});

it.each([
  [{}, 'loss must be a function'],
  [{ loss: labelAware(0.3, 0), headRate: -1 }, 'headRate must be a number >= 0'],
])('%o is refused', async (options, message) => {
  const joint = linearFrom('joint', startWeights());
  const refused = mislas(joint, batchesOf(), options as never);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(message);
  joint.dispose();
});

it('rates are of weights that are trained', async () => {
  const head = linearFrom('start', startWeights(), { trainable: true });
  const held = [...head.weights.get('bias')!.dataSync()];
  await trainHead(head, batchesOf(), { epochs: 1, rates: { bias: 0 } });
  expect([...head.weights.get('bias')!.dataSync()]).toEqual(held);
  await expect(trainHead(head, batchesOf(), { rates: { scale: 1 } })).rejects.toThrow(
    'rates must name trainable weights of start, but "scale" is none.',
  );
  await expect(trainHead(head, batchesOf(), { rates: { bias: -1 } })).rejects.toThrow(InputError);
  head.dispose();
});
