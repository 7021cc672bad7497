import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ema, sgd } from '../src/index.ts';

beforeAll(useTestBackend);

describe('ema', () => {
  const values = (x: tf.Tensor) => [...x.dataSync()];

  it('puts the averages in the place of the weights for an evaluation, also a late one or one that throws', async () => {
    const before = tf.memory().numTensors;
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const averages = ema([w], { decay: 0.5 });
    tf.tidy(() => w.assign(tf.tensor1d([3, 0])));
    averages.update();
    expect(await averages.swapped(() => values(w))).toEqual([2, 1]);
    expect(values(w)).toEqual([3, 0]);
    const late = averages.swapped(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return values(w);
    });
    expect(() => averages.update()).toThrow(InputError);
    await expect(averages.swapped(() => 0)).rejects.toThrow('wait for swapped() to end');
    expect(await late).toEqual([2, 1]);
    await expect(averages.swapped(() => Promise.reject(new Error('no data')))).rejects.toThrow('no data');
    expect(values(w)).toEqual([3, 0]);
    expect(values(averages.state.get('average.0')!)).toEqual([2, 1]);
    averages.dispose();
    w.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('steps of an optimizer after an evaluation leave the averages alone', async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1])));
    const averages = ema([w], { decay: 0.5 });
    const optimizer = sgd([w], { momentum: 0 });
    await averages.swapped(() => 0);
    optimizer.minimize(() => tf.sum(w), { learningRate: 1 });
    expect(values(averages.state.get('average.0')!)).toEqual([1]);
    expect(values(w)).toEqual([0]);
  });

  it('refuses a decay of 1, nothing to average, and a variable twice', () => {
    const w = tf.variable(tf.ones([1]));
    expect(() => ema([w, w])).toThrow(`${w.name} is in two places`);
    expect(() => ema([tf.variable(tf.ones([1]))], { decay: 1 })).toThrow(
      'decay must be a number in [0, 1), but it is 1',
    );
    expect(() => ema([])).toThrow('at least one variable');
    expect(() => ema([tf.ones([1]) as never])).toThrow(
      'variables[0] must be a tf.Variable, but it is float32 [1]',
    );
  });
});
