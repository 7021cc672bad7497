/** The rows that TailCalib draws follow the laws of golden/tail_calib.py. */
import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classCounts, InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { covarianceRoot } from '../src/covariance-root.ts';
import { tailCalib } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

interface Law {
  readonly neighbours: number;
  readonly alpha: number;
  readonly row: number;
  readonly mean: number[];
  readonly covariance: number[];
}
const laws = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/tail_calib.json'), 'utf8')) as Law[];

const DIM = 3;
const labels = [30, 12, 5, 1].flatMap((n, c) => Array<number>(n).fill(c));
const values = labels.flatMap((c, i) =>
  [0, 1, 2].map((d) => Math.fround(Math.sin(0.7 * (i * DIM + d + 1)) + (c === d ? 2 : 0))),
);
const given = () => tf.tensor2d(values, [labels.length, DIM]);
const how = { numClasses: 4, seed: 0 };

describe.each([
  [2, 0],
  [1, 0.3],
])('of %i neighbours, alpha %f', (neighbours, alpha) => {
  it('each row of a rare class draws from its own law', () => {
    const features = given();
    const filled = tailCalib(features, labels, { ...how, neighbours, alpha, perClass: 20_000 });
    const rows = filled.features.arraySync();
    tf.dispose([features, filled.features]);
    const own = laws.filter((law) => law.neighbours === neighbours && law.alpha === alpha);
    expect(own.map(({ row }) => row)).toEqual([42, 43, 44, 45, 46, 47]);
    for (const { row, mean, covariance } of own) {
      const drawn = rows.filter((_, i) => i >= labels.length && filled.sources[i] === row);
      const m = drawn.length;
      expect(m).toBeGreaterThan(3_000);
      const centre = mean.map((_, d) => drawn.reduce((sum, x) => sum + x[d]! / m, 0));
      const at = (i: number, j: number) => covariance[i * DIM + j]!;
      for (let i = 0; i < DIM; i++) {
        // five deviations of the mean, and of a covariance, of m normal numbers
        expect(Math.abs(centre[i]! - mean[i]!)).toBeLessThan(5 * Math.sqrt(at(i, i) / m));
        for (let j = 0; j <= i; j++) {
          const found = drawn.reduce((sum, x) => sum + ((x[i]! - centre[i]!) * (x[j]! - centre[j]!)) / m, 0);
          const deviation = Math.sqrt((at(i, i) * at(j, j) + at(i, j) ** 2) / m);
          expect(Math.abs(found - at(i, j))).toBeLessThan(5 * deviation);
        }
      }
    }
  });
});

it('covarianceRoot is a root of the covariance, of many rows or few, of full rank or not', () => {
  const wave = (n: number, size: number) =>
    tf.tensor2d(
      Float32Array.from({ length: n * size }, (_, i) => Math.sin(0.7 * i * i)),
      [n, size],
    );
  const flat = tf.tidy(() => tf.concat([wave(40, 2), tf.ones([40, 1]), wave(40, 2)], 1)) as tf.Tensor2D;
  for (const rows of [wave(30, 4), wave(3, 4), wave(1, 4), flat]) {
    const [found, expected] = tf.tidy(() => {
      const root = covarianceRoot(rows);
      expect(root.shape[0]).toBeLessThanOrEqual(Math.min(rows.shape[0], rows.shape[1]));
      const centred = tf.sub(rows, tf.mean(rows, 0)) as tf.Tensor2D;
      const divisor = Math.max(1, rows.shape[0] - 1);
      const covariance = tf.div(tf.matMul(centred, centred, true, false), divisor);
      return [tf.matMul(root, root, true, false), covariance];
    });
    toBeCloseTo(found.dataSync(), expected.dataSync(), { absolute: 2e-6 });
  }
});

describe('what comes out', () => {
  it('has as many rows of every class, those given first, by the ladder, and names where each comes from', () => {
    const before = tf.memory().numTensors;
    const features = given();
    const { features: all, labels: named, sources } = tailCalib(features, labels, how);
    expect([...classCounts(named)]).toEqual([30, 30, 30, 30]);
    expect(all.shape).toEqual([120, DIM]);
    toBeCloseTo(
      all.dataSync().subarray(0, values.length),
      values.map((x) => Math.sign(x) * Math.abs(x) ** 0.9),
    );
    sources.forEach((row, i) => {
      expect(labels[row]).toBe(named[i]);
    });
    const used = Array.from(
      { length: labels.length },
      (_, row) => sources.filter((one) => one === row).length,
    );
    expect(used.slice(0, 30)).toEqual(Array(30).fill(1));
    expect(used.slice(30, 42).sort()).toEqual([2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3]);
    expect(used.slice(42)).toEqual([6, 6, 6, 6, 6, 30]);
    tf.dispose([features, all]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is the same for the same seed, and another for another', () => {
    const features = given();
    const rows = (seed: number) => tailCalib(features, labels, { ...how, seed }).features.dataSync();
    expect(rows(1)).toEqual(rows(1));
    expect(rows(1)).not.toEqual(rows(2));
  });

  it('leaves a class without rows as it is, and borrows nothing from it', () => {
    const features = tf.tensor2d([[5, 5], [5.1, 5], [5, 4.9]]); // biome-ignore format: three rows
    const filled = tailCalib(features, [1, 1, 2], { numClasses: 4, seed: 0 });
    expect([...filled.labels]).toEqual([1, 1, 2, 2]);
    for (const value of filled.features.dataSync()) expect(value).toBeGreaterThan(3);
  });

  it('is what was given where all classes are as large', () => {
    const features = tf.tensor2d([[1, 0], [0, 1]]); // biome-ignore format: two rows
    const filled = tailCalib(features, [0, 1], { numClasses: 2, seed: 0 });
    expect([...filled.features.dataSync()]).toEqual([1, 0, 0, 1]);
    expect([...filled.sources]).toEqual([0, 1]);
  });
});

it.each([
  [{ neighbours: 0 }, 'neighbours must be an integer >= 1'],
  [{ alpha: -1 }, 'alpha must be a number >= 0'],
  [{ power: 0 }, 'power must be'],
  [{ perClass: 0 }, 'perClass must be'],
  [{ seed: 0.5 }, 'a seed must be an integer'],
  [{ numClasses: 3 }, 'labels must be integers from 0 to 2'],
])('%o is refused', (options, message) => {
  const features = given();
  const before = tf.memory().numTensors;
  const make = () => tailCalib(features, labels, { ...how, ...options });
  expect(make).toThrow(InputError);
  expect(make).toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
  features.dispose();
});
