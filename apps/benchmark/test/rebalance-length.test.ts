/** How long features are made before a linear head learns, and that a head of many classes then comes near its minimum. */
import { random } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { chosenHeads } from '../src/rebalance/heads.ts';
import { knownClasses } from '../src/rebalance/known-classes.ts';
import { leaderboard } from '../src/rebalance/leaderboard.ts';
import type { Part } from '../src/rebalance/part.ts';
import { steadyLength } from '../src/rebalance/steady-length.ts';

beforeAll(async () => {
  await loadEngine({ backend: 'torch' });
});

describe('the length', () => {
  const of = (rows: tf.Tensor2D): number => {
    const before = tf.memory().numTensors;
    const length = steadyLength(rows, { rate: 0.2, seed: 0 });
    expect(tf.memory().numTensors).toBe(before);
    rows.dispose();
    return length;
  };

  it('is 4 where all rows are of one direction, or are zeros', () => {
    expect(of(tf.tile(tf.tensor2d([[0.6, 0.8]]), [50, 1]))).toBeCloseTo(4, 4);
    expect(of(tf.zeros([7, 3]))).toBeCloseTo(4, 4);
  });

  it('is 4 sqrt(D) where they are of every direction alike, however many', () => {
    expect(of(tf.eye(9))).toBeCloseTo(12, 3);
    expect(of(tf.tile(tf.eye(4), [5000, 1]))).toBeCloseTo(8, 3); // more than are looked at
  });
});

/** Classes about centres in few dimensions. */
function drawn(counts: readonly number[], key: string): Part {
  const [dim, classes] = [64, random(0, 'centres')];
  const centres = counts.map(() => Float32Array.from({ length: dim }, () => classes.normal()));
  const { normal } = random(0, key);
  const labels = Int32Array.from(counts.flatMap((n, c) => Array<number>(n).fill(c)));
  const values = new Float32Array(labels.length * dim);
  labels.forEach((c, row) => {
    for (let i = 0; i < dim; i++) values[row * dim + i] = centres[c]![i]! + 1.5 * normal();
  });
  return { source: key, dim, places: Int32Array.from(labels.keys()), values, labels };
}

it('balanced softmax on 300 classes comes near its minimum, logistic regression with its prior moved', {
  timeout: 120_000,
}, async () => {
  const counts = Array.from({ length: 300 }, (_, c) => Math.round(200 * 0.02 ** (c / 299)));
  const [train, test] = [drawn(counts, 'train'), drawn(Array<number>(300).fill(5), 'test')];
  const parts = knownClasses({ train, test, classNames: counts.map((_, c) => `${c}`), notes: [] });
  const { entries } = await leaderboard(parts, {
    heads: chosenHeads('logistic,logistic-prior,balanced-softmax', { hasJoint: false }),
    ...{ featuresFrom: 'trained', groupRule: 'official', prior: 'uniform', seed: 0 },
  });
  const of = (name: string) => entries.find((entry) => entry.name === name)!.scores.meanOfClasses;
  expect(of('balanced-softmax')).toBeGreaterThan(of('logistic-prior') - 0.03);
  expect(of('balanced-softmax')).toBeGreaterThan(of('logistic'));
});
