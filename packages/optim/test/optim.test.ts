import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { cosine, sgd, steps, warmUp } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

describe('sgd', () => {
  it('takes the steps of torch.optim.SGD (golden/sgd.py)', () => {
    for (const { path, ...options } of JSON.parse(
      readFileSync(join(import.meta.dirname, 'golden/sgd.json'), 'utf8'),
    )) {
      const [w, a] = [tf.variable(tf.tensor1d([1, -2, 0.5])), tf.tensor1d([1, 0.3, 5])];
      const optimizer = sgd([w], options);
      for (const expected of path) {
        optimizer
          .minimize(() => tf.mul(0.5, tf.sum(tf.mul(a, tf.square(w)))), { learningRate: 0.1 })
          .dispose();
        toBeCloseTo(w.dataSync(), expected, { relative: 1e-5 }); // float32, ten steps
      }
      optimizer.dispose();
      tf.dispose([w, a]);
    }
  });

  it('leaves no tensor behind, also when the loss throws', () => {
    const w = tf.variable(tf.tensor1d([1]));
    const before = tf.memory().numTensors;
    const optimizer = sgd([w]);
    const inside = tf.memory().numTensors;
    const loss = optimizer.minimize(() => tf.sum(tf.square(w)), { learningRate: 0.1 });
    expect(loss.dataSync()[0]).toBe(1);
    loss.dispose();
    expect(() =>
      optimizer.minimize(
        () => {
          tf.square(w);
          throw new Error('no data');
        },
        { learningRate: 1 },
      ),
    ).toThrow('no data');
    expect(tf.memory().numTensors).toBe(inside);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('schedules', () => {
  it('cosine falls from the full rate to 0', () => {
    const rate = cosine(0.2, { epochs: 10 });
    expect(rate(0)).toBeCloseTo(0.2, 12);
    expect(rate(5)).toBeCloseTo(0.1, 12);
    expect(rate(9, 1)).toBeCloseTo(0, 12);
    expect(rate(4, 0.5)).toBeGreaterThan(rate(5));
  });

  it('cosine as the official code steps it: never the full rate, 0 in the last epoch', () => {
    const official = cosine(0.2, { epochs: 10, step: 'official' });
    expect(official(0)).toBeCloseTo(0.1 * (1 + Math.cos(Math.PI / 10)), 12);
    expect(official(9)).toBeCloseTo(0, 12);
    expect(cosine(0.2, { epochs: 10, step: 'epoch' })(3, 0.9)).toBe(
      cosine(0.2, { epochs: 10, step: 'epoch' })(3),
    );
  });

  it("steps and warm-up are LDAM's", () => {
    const rate = warmUp(steps(0.1, { at: [160, 180], factor: 0.01 }), { epochs: 5 });
    expect([0, 1, 4, 5, 159].map((epoch) => rate(epoch))).toEqual(
      [0.02, 0.04, 0.1, 0.1, 0.1].map((x) => expect.closeTo(x, 12)),
    );
    expect(rate(160)).toBeCloseTo(1e-3, 12);
    expect(rate(180)).toBeCloseTo(1e-5, 12);
  });

  it('refuses a number of epochs that is none', () => {
    expect(() => cosine(0.1, { epochs: 0 })).toThrow(InputError);
  });
});
