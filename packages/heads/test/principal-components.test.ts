import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { type PrincipalComponents, pca, principalComponents, transformed } from '../src/index.ts';
import { golden, matrixOf, realFeatures } from './samples.ts';

beforeAll(() => tf.setBackend('cpu'));

type Values = Record<keyof PrincipalComponents | 'transformed' | 'whitened', number[]>;
const { real, few } = golden('pca') as { real: Values; few: Values };

// Float32 sums in the covariance: 1e-7 of the largest variance turn a component by that over the gap to the next.
function expectValues(found: PrincipalComponents, expected: Values): void {
  toBeCloseTo(found.mean.dataSync(), expected.mean, { relative: 1e-6 });
  toBeCloseTo(found.variances.dataSync(), expected.variances, { relative: 1e-5 });
  toBeCloseTo(found.components.dataSync(), expected.components, { relative: 1e-4 });
}

function expectTransformed(features: tf.Tensor2D, components: number, expected: Values): void {
  const seen = tf.slice(features, [0, 0], [10, -1]);
  for (const [whiten, values] of [[false, expected.transformed], [true, expected.whitened]] as const) // biome-ignore format: one line
    toBeCloseTo(
      tf.tidy(() => transformed(seen, pca(features, { components, whiten })).dataSync()),
      values,
      { relative: 1e-4 },
    );
  seen.dispose();
}

const some = (rows: number, columns: number) => matrixOf(rows, columns, (k) => Math.sin((k + 1) ** 2 / 10));

it("are scikit-learn's, of real features", (context) => {
  const { features, test } = realFeatures(context, { every: 4 });
  const found = principalComponents(features, { components: 8 });
  expectValues(found, real);
  expectTransformed(features, 8, real);
  tf.dispose([features, test, ...Object.values(found)]);
});

it('and of fewer rows than dimensions; whose spread they keep, where there are as many as rows', () => {
  const features = some(12, 20);
  const before = tf.memory().numTensors;
  const found = principalComponents(features, { components: 5 });
  expectValues(found, few);
  expectTransformed(features, 5, few);
  const whole = principalComponents(features, { components: 12 });
  expect(tf.memory().numTensors).toBe(before + 6);
  const again = tf.tidy(() => {
    const seen = tf.matMul(tf.sub(features, whole.mean), whole.components, false, true);
    return tf.add(tf.matMul(seen as tf.Tensor2D, whole.components), whole.mean).dataSync();
  });
  toBeCloseTo(again, features.dataSync());
  expect([...whole.variances.dataSync()].every((variance) => variance >= 0)).toBe(true);
  tf.dispose([features, ...Object.values(found), ...Object.values(whole)]);
});

it('say what is wrong, and leave no tensor', () => {
  const features = some(3, 8);
  const one = some(1, 8);
  const broken = tf.tensor2d([[1, 0], [Number.NaN, 1]]); // biome-ignore format: two rows
  const before = tf.memory().numTensors;
  expect(() => principalComponents(features, { components: 4 })).toThrow('from 1 to 3');
  expect(() => principalComponents(features, { components: 0 })).toThrow(InputError);
  expect(() => principalComponents(one, { components: 1 })).toThrow('two rows');
  expect(() => principalComponents(broken, { components: 1 })).toThrow('row 1 (from 0)');
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([features, one, broken]);
});

it('whitened, a direction in which no row varies is 0, and all others vary alike', () => {
  const features = tf.tidy(() => {
    const varied = some(9, 2);
    return tf.concat([varied, tf.fill([9, 1], 3), tf.sum(varied, 1, true)], 1) as tf.Tensor2D;
  });
  const before = tf.memory().numTensors;
  const steps = pca(features, { components: 4, whiten: true });
  expect(tf.memory().numTensors).toBe(before);
  const seen = tf.tidy(() => transformed(features, steps).arraySync());
  for (const d of [0, 1]) expect(seen.reduce((sum, row) => sum + row[d]! ** 2, 0) / 8).toBeCloseTo(1, 4);
  for (const row of seen) expect(row.slice(2).map(Math.abs)).toEqual([0, 0]);
  features.dispose();
});
