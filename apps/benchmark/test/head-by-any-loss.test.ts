/** Every loss that has a name trains a head on features: the losses and the heads know nothing of one another. */
import { loadEngine } from '@longtail/engine';
import { cosineHead, crt, type FeatureBatches, gclStage2, linearHead, trainHead } from '@longtail/heads';
import { gcl, mixup, remix } from '@longtail/losses';
import { classEffectiveNumber } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { lossNames } from '../src/loss-names.ts';
import { findLoss } from '../src/losses.ts';

beforeAll(() => loadEngine({ backend: 'wasm' })); // with the gradients of everything

const labels = [0, 0, 0, 0, 0, 0, 1, 1, 2, 2];
const corners = labels.map((c, i) => [0, 1, 2].map((d) => (c === d ? 3 : 0) + 0.1 * Math.sin(i + d)));
const counts = Int32Array.of(6, 2, 2);
const batches = () => [{ features: tf.tensor2d(corners), labels: tf.tensor1d(labels, 'int32') }];

it.each(lossNames)('%s', async (name) => {
  const before = tf.memory().numTensors;
  const { default: make, logits } = await findLoss(name);
  const epochs = 20;
  const sizes = { featureDim: 3, numClasses: 3, seed: 0 };
  const head = logits === 'cosine' ? cosineHead(sizes) : linearHead(sizes);
  await trainHead(head, batches, { epochs, loss: make(counts, { epochs, seed: 0 }) });
  const found = tf.tidy(() => tf.argMax(head.logits(tf.tensor2d(corners)), 1).dataSync());
  expect([...found]).toEqual(labels);
  head.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('by feature mixup', async () => {
  const before = tf.memory().numTensors;
  let step = 0;
  const mixed: FeatureBatches = () =>
    batches().map(({ features, labels: classes }) => {
      const { images, targets } = mixup(features, labels, { numClasses: 3, alpha: 0.5, step: step++ });
      tf.dispose([features, classes]);
      return { features: images, labels: targets };
    });
  const head = await crt(mixed, { featureDim: 3, numClasses: 3, seed: 0, epochs: 20 });
  const found = tf.tidy(() => tf.argMax(head.logits(tf.tensor2d(corners)), 1).dataSync());
  expect([...found]).toEqual(labels);
  expect(step).toBe(20);
  head.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('by GCL in two stages: the second on rows that are drawn by the class-based effective number, and mixed', async () => {
  const before = tf.memory().numTensors;
  const joint = cosineHead({ featureDim: 3, numClasses: 3, seed: 0 });
  await trainHead(joint, batches, { epochs: 20, loss: gcl(counts) });
  const sampler = classEffectiveNumber(labels, { seed: 0, length: 12 });
  const mixed: FeatureBatches = (epoch) => {
    const drawn = sampler.indices(epoch);
    const rows = tf.tensor2d(Array.from(drawn, (i) => corners[i]!));
    const of = drawn.map((i) => labels[i]!);
    const { images, targets } = remix(rows, of, counts, { step: epoch });
    rows.dispose();
    return [{ features: images, labels: targets }];
  };
  const head = await gclStage2(joint, mixed, { loss: gcl(counts, { margin: 0.1, scale: 20, gamma: 1 }) });
  const found = tf.tidy(() => tf.argMax(head.logits(tf.tensor2d(corners)), 1).dataSync());
  expect([...found]).toEqual(labels);
  for (const one of [joint, head]) one.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
