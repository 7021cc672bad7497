/** The better gradients of tfjs's operations, whatever was imported first. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { registerGradients } from '../src/index.ts';

it('come back after tfjs has brought its own', async () => {
  const names = [tf.Relu, tf.Mean, tf.FusedBatchNorm];
  const ours = names.map((name) => tf.getGradient(name));
  await import('@tensorflow/tfjs');
  names.forEach((name, i) => {
    expect(tf.getGradient(name)).not.toBe(ours[i]);
  });
  registerGradients();
  expect(names.map((name) => tf.getGradient(name))).toEqual(ours);
});
