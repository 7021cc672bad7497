/** A published CIFAR-10-LT network on our data, backbone and metrics at once: 66.42 % on the JPEG test set. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cifarResNet, loadWeights, trainable } from '@longtail/backbones';
import { liveHandles } from '@longtail/backend-torch';
import { random } from '@longtail/core';
import { cifar10LT } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { decodeSafetensors } from '@longtail/formats';
import { linearFrom, linearHead } from '@longtail/heads';
import { imagesFromBytes } from '@longtail/kernels';
import { crossEntropy } from '@longtail/losses';
import { argmax, evaluate } from '@longtail/metrics';
import { sgd } from '@longtail/optim';
import { sharedOrSkip, torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, it } from 'vitest';
import recipe from '../recipes/cifar-10-lt.ts';
import { extractFeatures } from '../src/extract-features.ts';

const cache = mkdtempSync(join(tmpdir(), 'longtail-published-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

it('imbalanced-DL ERM, CIFAR-10-LT (100): 66.42 %', async (context) => {
  const path = sharedOrSkip(context, 'data/weights/imbalanced-DL_cifar10_exp_0.01_ERM.safetensors');
  if (!torchLibrary()) context.skip('no libtorch: too slow without it');
  await loadEngine({ backend: 'torch' });
  const { arrays } = decodeSafetensors(readFileSync(path));
  const { test } = await cifar10LT(sharedOrSkip(context, 'data/cifar10'), { cache });
  const backbone = cifarResNet({ seed: 0 });
  loadWeights(backbone, arrays, { prefix: 'backbone.' });
  const { values } = await extractFeatures(backbone, test, { statistics: recipe.statistics });
  const { shape, data } = arrays.get('classifier.weight')!;
  const head = linearFrom('joint', { weight: tf.tensor2d(data as Float32Array, shape as [number, number]) });
  const logits = tf.tidy(() => head.logits(tf.tensor2d(values, [10_000, 64])).dataSync());
  const scores = evaluate(argmax(logits, { numClasses: 10 }), test.labels, Array(10).fill(500));
  // Two of 10,000 pictures may lie so near a border that another order of float32 sums moves them.
  expect(Math.abs(100 * scores.all - 66.42)).toBeLessThanOrEqual(0.02);
  backbone.dispose();
  head.dispose();
}, 300_000);

it('100 training steps leave the numbers of tensors and libtorch handles as they were', async (context) => {
  if (!torchLibrary()) context.skip('no libtorch here');
  await loadEngine({ backend: 'torch' });
  const backbone = cifarResNet({ depth: 8, seed: 0 });
  const head = linearHead({ featureDim: 64, numClasses: 10, seed: 0 });
  const optimizer = sgd([...trainable(backbone), ...head.trainable], { weightDecay: 2e-4 });
  const { integer } = random(0, 'pictures');
  const bytes = Uint8Array.from({ length: 8 * 3072 }, () => integer(256));
  const step = (epoch: number) =>
    tf.tidy(() => {
      const images = imagesFromBytes(bytes, [8, 32, 32, 3], recipe.statistics);
      const labels = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32');
      const loss = () =>
        crossEntropy()(head.logits(backbone.features(images, { training: true })), labels, { epoch });
      return optimizer.minimize(loss, { learningRate: 0.05 }).dataSync()[0]!;
    }) as unknown as number;
  const first = step(0);
  const before = [tf.memory().numTensors, liveHandles()];
  let last = first;
  for (let i = 1; i <= 100; i++) last = step(i);
  expect([tf.memory().numTensors, liveHandles()]).toEqual(before);
  expect(last).toBeLessThan(first / 4);
  backbone.dispose();
  head.dispose();
  optimizer.dispose();
}, 300_000);
