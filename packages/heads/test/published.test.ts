/** Stage 2 as published, by what nobody sets: the weights of plain PyTorch with the published values (golden/stage2.py). */
import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  crt,
  type FeatureBatches,
  type Head,
  type HeadSchedule,
  linearFrom,
  linearHead,
  lws,
  trainHead,
} from '../src/index.ts';

beforeAll(useTestBackend);

type Values = Readonly<Record<string, number[]>>;
const golden: Record<'epoch' | 'official', { crt: Values; lws: Values }> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/stage2.json'), 'utf8'),
);

const [ROWS, BATCH, CLASSES, DIM] = [1024, 512, 5, 4];
const wave = (count: number, frequency: number) =>
  Float32Array.from({ length: count }, (_, k) => Math.sin(frequency * (k + 1)));
const labels = Int32Array.from({ length: ROWS }, (_, i) => i % CLASSES);
const features = wave(ROWS * DIM, 0.7).map((x, k) => x + (labels[Math.floor(k / DIM)] === k % DIM ? 1 : 0));

const batches: FeatureBatches = function* () {
  for (let start = 0; start < ROWS; start += BATCH)
    yield {
      features: tf.tensor2d(features.subarray(start * DIM, (start + BATCH) * DIM), [BATCH, DIM]),
      labels: tf.tensor1d(labels.subarray(start, start + BATCH), 'int32'),
    };
};
const start = (trainable: boolean) =>
  linearFrom(
    'start',
    { weight: tf.tensor2d(wave(CLASSES * DIM, 0.3), [CLASSES, DIM]), bias: tf.tensor1d(wave(CLASSES, 0.9)) },
    { trainable },
  );

// Twenty steps in float32 against float64: roundings of 6e-8 that momentum adds up.
const expectWeights = (head: Head, expected: Values) => {
  for (const [name, values] of Object.entries(expected))
    toBeCloseTo(head.weights.get(name)!.dataSync(), values, { absolute: 2e-6, relative: 2e-6 });
};

describe('stage 2 with its defaults', () => {
  const named = { epoch: {}, official: { schedule: 'official' } } as const;

  it.each(['epoch', 'official'] as const)("cRT's ten epochs end where PyTorch's do: %s", async (name) => {
    const head = start(true);
    await trainHead(head, batches, named[name]);
    expectWeights(head, golden[name].crt);
    head.dispose();
  });

  it.each(['epoch', 'official'] as const)("the five of LWS end where PyTorch's do: %s", async (name) => {
    const joint = start(false);
    const head = await lws(joint, batches, named[name]);
    expectWeights(head, golden[name].lws);
    for (const one of [joint, head]) one.dispose();
  });

  it('crt trains a new linear head just so', async () => {
    const sizes = { featureDim: DIM, numClasses: CLASSES, seed: 3 };
    const [own, byHand] = [await crt(batches, sizes), linearHead({ ...sizes, name: 'crt' })];
    await trainHead(byHand, batches);
    for (const [name, value] of byHand.weights)
      expect(own.weights.get(name)!.dataSync()).toEqual(value.dataSync());
    for (const one of [own, byHand]) one.dispose();
  });
});

/** How far a weight goes whose slope is always 1, without momentum: the sum of the rates. */
async function sumOfRates(options: { epochs: number; schedule?: HeadSchedule }): Promise<number> {
  const head = linearFrom('one', { weight: tf.zeros([1, 1]) }, { trainable: true });
  const one = () => [
    { features: tf.ones([1, 1]) as tf.Tensor2D, labels: tf.zeros([1], 'int32') as tf.Tensor1D },
  ];
  const loss = (logits: tf.Tensor2D) => tf.sum(logits) as tf.Scalar;
  await trainHead(head, one, { ...options, learningRate: 1, momentum: 0, weightDecay: 0, loss });
  const [moved] = head.weights.get('weight')!.dataSync();
  head.dispose();
  return -moved!;
}

describe('the schedule', () => {
  it.each([
    [10, 'epoch', 5.5],
    [10, 'official', 4.5],
    [5, 'epoch', 3],
    [5, 'official', 2],
  ] as const)('of %i epochs, %s: the rates sum to %f', async (epochs, schedule, sum) => {
    expect(await sumOfRates({ epochs, schedule })).toBeCloseTo(sum, 5);
  });

  it('may be a function, whose rates are taken as they are', async () => {
    expect(await sumOfRates({ epochs: 3, schedule: (epoch) => 10 ** -epoch })).toBeCloseTo(1.11, 5);
  });

  it.each<[unknown, string]>([
    ['cosine', 'schedule must be one of epoch, official, but it is "cosine".'],
    [0.1, 'schedule must be one of epoch, official, but it is 0.1.'],
    [() => Number.NaN, 'learningRate must be a number >= 0, but it is NaN.'],
  ])('%s is refused', async (schedule, message) => {
    const found = sumOfRates({ epochs: 2, schedule: schedule as HeadSchedule });
    await expect(found).rejects.toThrow(InputError);
    await expect(found).rejects.toThrow(message);
  });
});
