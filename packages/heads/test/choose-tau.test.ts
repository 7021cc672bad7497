/** The sweep of tau: the classes of every tau by one product are those of the heads that tauNorm makes. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseTau, classesByTau, linearFrom, TAUS, tauNorm } from '../src/index.ts';
import { predicted } from './samples.ts';

beforeAll(useTestBackend);

const [ROWS, CLASSES, DIM] = [1500, 7, 5]; // more rows than are looked at together
const drawn = (shape: number[], seed: number) => normal(shape, { seed }) as tf.Tensor;
const jointOf = () => {
  const lengths = tf.tensor2d([0, 0.1, 0.5, 1, 2, 4, 8], [CLASSES, 1]);
  const weight = tf.mul<tf.Tensor2D>(drawn([CLASSES, DIM], 1), lengths);
  lengths.dispose();
  return linearFrom('joint', { weight, bias: drawn([CLASSES], 2) as tf.Tensor1D });
};

describe('classesByTau', () => {
  it.each(['drop', 'zero', 'keep'] as const)("gives what tauNorm's heads give, bias %s", (bias) => {
    const [joint, features] = [jointOf(), drawn([ROWS, DIM], 3) as tf.Tensor2D];
    const before = tf.memory().numTensors;
    const found = classesByTau(joint, features, { bias });
    expect(tf.memory().numTensors).toBe(before);
    expect(found.length).toBe(TAUS.length);
    for (const [i, tau] of TAUS.entries()) {
      const head = tauNorm(joint, { tau, bias });
      expect([...found[i]!]).toEqual(predicted(head, features));
      head.dispose();
    }
    tf.dispose(features);
    joint.dispose();
  });

  it('gives none for no rows, and the first class of equals', () => {
    const joint = jointOf();
    const none = tf.zeros<tf.Rank.R2>([0, DIM]);
    expect(classesByTau(joint, none, { taus: [1] })).toEqual([new Int32Array(0)]);
    expect(classesByTau(joint, tf.zeros([2, DIM]), { taus: [0, 1] })).toEqual([
      new Int32Array(2),
      new Int32Array(2),
    ]);
    joint.dispose();
  });

  it('names the row, or the weights, that are not finite', () => {
    const joint = jointOf();
    const broken = tf.tensor2d([1, 1, 1, 1, 1, 1, Number.NaN, 1, 1, 1], [2, DIM]);
    expect(() => classesByTau(joint, broken)).toThrow(/^features must be finite numbers, but row 1 /);
    const weight = tf.tensor2d([1, 1, Number.POSITIVE_INFINITY, 1], [2, 2]);
    const infinite = linearFrom('joint', { weight });
    expect(() => classesByTau(infinite, tf.ones([1, 2]))).toThrow(
      /^the weights of joint must be finite numbers, but row 1 /,
    );
    for (const head of [joint, infinite]) head.dispose();
  });
});

describe('chooseTau by classes', () => {
  const accuracy = (classes: ArrayLike<number>) =>
    Array.from(classes).filter((c, i) => c === i % CLASSES).length / classes.length;

  it.each(['drop', 'keep'] as const)('scores as by logits, bias %s', (bias) => {
    const [joint, features] = [jointOf(), drawn([ROWS, DIM], 3) as tf.Tensor2D];
    const before = tf.memory().numTensors;
    const byLogits = chooseTau(joint, features, {
      bias,
      score: (logits) => accuracy(tf.tidy(() => tf.argMax(logits, 1).dataSync())),
    });
    expect(chooseTau(joint, features, { bias, scoreClasses: accuracy })).toEqual(byLogits);
    expect(tf.memory().numTensors).toBe(before);
    features.dispose();
    joint.dispose();
  });

  it('names the tau whose score is no number, and what must be given', () => {
    const [joint, features] = [jointOf(), drawn([3, DIM], 3) as tf.Tensor2D];
    const scores = [0.5, Number.NaN];
    const choose = () => chooseTau(joint, features, { taus: [0, 0.3], scoreClasses: () => scores.shift()! });
    expect(choose).toThrow('the score at tau 0.3 must be a finite number, but it is NaN.');
    expect(() => chooseTau(joint, features, {} as never)).toThrow(InputError);
    features.dispose();
    joint.dispose();
  });
});
