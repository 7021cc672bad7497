/** Training gives way: what else a process or a page has to do is done between epochs. */
import '@tensorflow/tfjs';
import { turn } from '@longtail/optim';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { crt } from '../src/index.ts';

beforeAll(useTestBackend);

it('ends a training without an end by a signal that a timer gives', async () => {
  const before = tf.memory().numTensors;
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const batch = () => [{ features: tf.ones([2, 2]) as tf.Tensor2D, labels: tf.tensor1d([0, 1], 'int32') }];
  const options = { featureDim: 2, numClasses: 2, seed: 0, epochs: 1e9, signal: controller.signal };
  await expect(crt(batch, options)).rejects.toThrow('aborted');
  expect(tf.memory().numTensors).toBe(before);
});

it('is a turn of the event loop: timers run in it', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const begin = performance.now();
  while (ticks < 3 && performance.now() - begin < 10_000) await turn();
  clearInterval(timer);
  expect(ticks).toBe(3);
});
