/** tfjs-core by itself, which has no gradients in Node. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { crt } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

const batches = () => [{ features: tf.ones<tf.Rank.R2>([2, 3]), labels: tf.tensor1d([0, 1], 'int32') }];

it('what trains a head says which import is missing, keeps no tensor, and works when it is there', async () => {
  const mean = tf.getGradient(tf.Mean);
  tf.unregisterGradient(tf.Mean);
  const before = tf.memory().numTensors;
  const train = () => crt(batches, { featureDim: 3, numClasses: 2, seed: 0, epochs: 1 });
  await expect(train()).rejects.toThrow(InputError);
  await expect(train()).rejects.toThrow(
    "training needs the gradients of TensorFlow.js, but that of Mean is not registered; import '@tensorflow/tfjs' once, before training.",
  );
  expect(tf.memory().numTensors).toBe(before);
  tf.registerGradient(mean);
  (await train()).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
