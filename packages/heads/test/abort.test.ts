/** An abort that comes from an event, as Ctrl-C does, and is heard only where the loop lets events in. */
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';

import { beforeAll, expect, it } from 'vitest';
import { crt, type FeatureBatch } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Steps of a cRT of one long epoch; more than it can take before the abort, so that without one it ends, too. */
const STEPS = 5_000;

it('hears an abort in the middle of an epoch', async () => {
  const before = tf.memory().numTensors;
  let steps = 0;
  function* batches(): Generator<FeatureBatch> {
    while (steps++ < STEPS) yield { features: tf.tensor2d([[1, 0]]), labels: tf.tensor1d([1], 'int32') };
  }
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('stopped')), 200);
  const options = { featureDim: 2, numClasses: 2, seed: 0, epochs: 1, signal: controller.signal };
  await expect(crt(batches, options)).rejects.toThrow('stopped');
  expect(steps).toBeLessThan(STEPS);
  expect(tf.memory().numTensors).toBe(before);
});
