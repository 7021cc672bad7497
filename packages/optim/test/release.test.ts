import '@tensorflow/tfjs';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sgd } from '../src/index.ts';
import { releaseAsGradientsGo } from '../src/release.ts';

beforeAll(useTestBackend);

describe('releaseAsGradientsGo', () => {
  /** Residual sums, shapes and a product with itself: gradients that are handed on, added up, and used twice. */
  const deep = (w: tf.Tensor, onFirst: () => void = () => {}) =>
    tf.tidy(() => {
      const watched = tf.customGrad((x) => ({
        value: tf.clone(x as tf.Tensor),
        gradFunc: (dy: tf.Tensor) => {
          onFirst();
          return dy;
        },
      }));
      let x = watched(w);
      for (let i = 0; i < 20; i++) x = tf.add(tf.tanh(tf.reshape(tf.mul(x, x), [2, 2])), x);
      return tf.sum(x) as tf.Scalar;
    });

  it('gives the gradients that tfjs gives, with fewer tensors held on the way', () => {
    const w = tf.variable(
      tf.tensor2d([
        [0.1, -0.2],
        [0.3, 0.4],
      ]),
    );
    const held: number[] = [];
    const count = () => held.push(tf.memory().numTensors);
    const before = tf.memory().numTensors;
    const [plain, released] = [false, true].map((release) =>
      tf.tidy(() => {
        const loss = () => {
          const value = deep(w, count);
          if (release) releaseAsGradientsGo();
          return value;
        };
        return tf.variableGrads(loss, [w]).grads[w.name]!.dataSync();
      }),
    );
    expect(released).toEqual(plain);
    expect(held[1]! - before).toBeLessThan((held[0]! - before) / 2);
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  it('passes over outputs that nothing was made of', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const w = tf.variable(tf.ones([2, 3]));
      const optimizer = sgd([w]);
      const loss = () => tf.sum(tf.square(tf.unstack(tf.mul(w, 1))[0]!)) as tf.Scalar; // the other row has no gradient
      for (let i = 0; i < 2; i++) optimizer.minimize(loss, { learningRate: 0.1 });
      toBeCloseTo(w.dataSync(), [0.46, 0.46, 0.46, 1, 1, 1]);
      optimizer.dispose();
      w.dispose();
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves alone what a gradient hands on, or out twice, and what the caller gave', () => {
    const twice = tf.customGrad((a, b, save) => {
      const [left, right] = [a as tf.Tensor, b as tf.Tensor];
      (save as unknown as (tensors: tf.Tensor[]) => void)([left]);
      return {
        value: tf.add(left, right),
        gradFunc: (_: tf.Tensor, saved: tf.Tensor[]) => [saved[0]!, saved[0]!],
      };
    });
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const [a, b, dy] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4]), tf.tensor1d([5, 6])];
      const run = (release: boolean) =>
        tf
          .grads((x, y) => {
            const value = twice(tf.mul(x!, 2), tf.mul(y!, 3));
            if (release) releaseAsGradientsGo();
            return value;
          })([a, b], dy)
          .map((g) => [...g.dataSync()]);
      expect(run(true)).toEqual(run(false));
      expect([...dy.dataSync()]).toEqual([5, 6]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
