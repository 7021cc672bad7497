import { InputError } from '@longtail/core';
import { indicator } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { classifier, fitTemperature, fitVectorScaling, linearFrom, linearHead } from '../src/index.ts';
import { golden, matrixOf } from './samples.ts';
import '@tensorflow/tfjs';

beforeAll(useTestBackend);

interface Golden {
  readonly size: number;
  readonly penalty: number;
  readonly labels: number[];
  readonly scale: number[];
  readonly offset: number[];
  readonly after: number;
}
const goldens = golden('vector_scaling') as Golden[];

const logitsOf = (size: number, rows = 200) =>
  matrixOf(rows, 5, (k) => {
    const [i, c] = [Math.floor(k / 5), k % 5];
    return size * Math.sin(1.7 * i + 2.3 * c + 0.1 * i * c);
  });

it.each(goldens)('finds what SciPy finds for logits up to $size, penalty $penalty', async (expected) => {
  const { size, penalty, labels, after } = expected;
  const logits = logitsOf(size);
  const before = tf.memory().numTensors;
  const found = await fitVectorScaling(logits, labels, { penalty, tolerance: 1e-6 });
  expect(tf.memory().numTensors).toBe(before);
  expect(Math.abs(found.after - after)).toBeLessThan(2e-6);
  // slopes of 1e-6, of a likelihood that is curved by a hundredth
  toBeCloseTo(found.scale, expected.scale, { relative: 1e-3 });
  toBeCloseTo(found.offset, expected.offset, { absolute: 1e-3 });
  logits.dispose();
});

describe('vector scaling', () => {
  it('fits at least as well as a temperature, and is said not to be at its least when stopped early', async () => {
    const { labels } = goldens[1]!;
    const logits = logitsOf(3);
    const found = await fitVectorScaling(logits, labels);
    const temperature = fitTemperature(logits, labels);
    expect(found.before).toBeCloseTo(temperature.before, 5);
    expect(found.after).toBeLessThan(temperature.after);
    expect(found.converged).toBe(true);
    expect((await fitVectorScaling(logits, labels, { maxIterations: 1 })).converged).toBe(false);
    logits.dispose();
  });

  it('is kept in a classifier behind the temperature that it was fitted after', async () => {
    const { labels } = goldens[1]!;
    const logits = logitsOf(3);
    const { temperature } = fitTemperature(logits, labels);
    const cooled = tf.div<tf.Tensor2D>(logits, temperature);
    const scaling = await fitVectorScaling(cooled, labels, { penalty: 0.03 });
    const head = linearFrom('same', { weight: tf.eye(5) });
    const made = classifier({ head, counts: [1, 1, 1, 1, 1], temperature, scaling });
    const loss = tf.tidy(() => {
      const right = indicator(tf.tensor1d(labels, 'int32'), 5);
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.log(made.probabilities(logits)), right), 1))).dataSync()[0]!;
    });
    expect(loss).toBeCloseTo(scaling.after, 5);
    made.dispose();
    tf.dispose([logits, cooled]);
  });

  it('does not care which number a class has', async () => {
    const { labels } = goldens[1]!;
    const order = [2, 0, 4, 1, 3];
    const logits = logitsOf(3);
    const places = order.map((_, c) => order.indexOf(c));
    const renamed = tf.gather(logits, places, 1);
    const found = await fitVectorScaling(logits, labels, { tolerance: 1e-6 });
    const other = await fitVectorScaling(renamed, labels.map((c) => order[c]!), { tolerance: 1e-6 }); // biome-ignore format: one line
    toBeCloseTo(order.map((c) => other.scale[c]!), found.scale, { relative: 1e-3 }); // biome-ignore format: one line
    tf.dispose([logits, renamed]);
  });

  it('a class that the rows do not hold sinks; a penalty holds it', async () => {
    const logits = logitsOf(3);
    const labels = goldens[1]!.labels.map((c) => (c === 0 ? 1 : c));
    const free = await fitVectorScaling(logits, labels, { maxIterations: 50 });
    const held = await fitVectorScaling(logits, labels, { penalty: 0.01 });
    expect(free.offset[0]).toBeLessThan(held.offset[0]! - 2);
    expect(held.converged).toBe(true);
    for (const value of [...free.scale, ...free.offset]) expect(Number.isFinite(value)).toBe(true);
    logits.dispose();
  });

  it('of logits that are all 0 finds the shares of the classes', async () => {
    const zeros = tf.zeros<tf.Rank.R2>([4, 2]);
    const { scale, offset } = await fitVectorScaling(zeros, [0, 0, 0, 1]);
    expect([...scale]).toEqual([1, 1]);
    expect(offset[0]! - offset[1]!).toBeCloseTo(Math.log(3), 3);
    zeros.dispose();
  });

  it('refuses what does not fit, and keeps no tensor when it is stopped', async () => {
    const logits = logitsOf(3, 2);
    const broken = tf.tensor2d([[Number.NEGATIVE_INFINITY, 0]]);
    const before = tf.memory().numTensors;
    await expect(fitVectorScaling(logits, [0])).rejects.toThrow('got 1 for 2');
    await expect(fitVectorScaling(logits, [0, 5])).rejects.toThrow(InputError);
    await expect(fitVectorScaling(broken, [0])).rejects.toThrow('row 0 (from 0)');
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(fitVectorScaling(logits, [0, 1], { signal })).rejects.toThrow('stopped');
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([logits, broken]);
  });

  it('is refused by a classifier unless it is of its classes', () => {
    const head = linearHead({ featureDim: 2, numClasses: 3, seed: 0 });
    const of = (scale: unknown) => () =>
      classifier({ head, counts: [1, 2, 3], scaling: { scale, offset: new Float32Array(3) } as never });
    expect(of(new Float32Array(2))).toThrow('one number a class, 3');
    expect(of([1, 2, 3])).toThrow(InputError);
    expect(of(new Float32Array([1, Number.NaN, 1]))).toThrow('scale[1]');
    head.dispose();
  });
});
