/** A training step of the recipe of CIFAR-10-LT on libtorch learns, and keeps nothing. */
import { cifarResNet, trainable } from '@longtail/backbones';
import { liveHandles } from '@longtail/backend-torch';
import { random } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { linearHead } from '@longtail/heads';
import { imagesFromBytes } from '@longtail/kernels';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import { torchLibrary } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import recipe from '../recipes/cifar-10-lt.ts';

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
