import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { checkTensors } from '../src/check-tensors.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

// A copy shares its values, and tfjs's own operations then give numbers for what has been disposed.
test('a disposed tensor is none, whether or not another holds its values', () => {
  const kept = tf.ones<tf.Rank.R2>([2, 2]);
  const features = tf.clone(kept);
  features.dispose();
  expect(tf.sum(features).dataSync()[0]).toBe(4);
  expect(() => checkTensors({ features })).toThrow(InputError);
  expect(() => checkTensors({ features }, { rank: 2 })).toThrow(
    'features must be a tensor of rank 2, but it is float32 [2,2], disposed before.',
  );
  checkTensors({ features: kept }, { rank: 2, dtype: 'float32' });
  kept.dispose();
});
