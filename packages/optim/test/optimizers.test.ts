/** Every optimizer takes PyTorch's steps (golden/optimizers.py). */
import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, adamW, ema, type Group, type SgdOptions, sgd } from '../src/index.ts';

interface Case {
  readonly optimizer: 'sgd' | 'adam' | 'adamW';
  readonly options: SgdOptions;
  readonly groups: readonly Omit<Group, 'variables'>[];
  /** The steps in which the second variable has no gradient. */
  readonly missing: readonly number[];
  readonly path: readonly (readonly number[][])[];
}
interface Golden {
  readonly weights: readonly { shape: number[]; values: number[] }[];
  readonly gradients: readonly number[][][];
  readonly rates: readonly number[];
  readonly cases: readonly Case[];
  readonly averages: readonly { decay: number; path: number[][] }[];
}

const golden: Golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/optimizers.json'), 'utf8'));
const OPTIMIZERS = { sgd, adam, adamW };
const TOLERANCE = { absolute: 0, relative: 2e-6 }; // float32, ten steps of three roundings of 6e-8 each

const begin = () =>
  tf.tidy(() => golden.weights.map(({ shape, values }) => tf.variable(tf.tensor(values, shape))));

/** A loss whose gradients are those given. */
const lossOf =
  (variables: readonly tf.Variable[], gradients: readonly number[][]) =>
  (places: readonly number[]): tf.Scalar =>
    tf.addN(
      places.map((i) => tf.sum(tf.mul(variables[i]!, tf.tensor(gradients[i]!, variables[i]!.shape)))),
    ) as tf.Scalar;

beforeAll(useTestBackend);

describe('optimizers', () => {
  it.each(golden.cases)('$optimizer $options, groups $groups, without a gradient in $missing', (one) => {
    const before = tf.memory().numTensors;
    const variables = begin();
    const groups = one.groups.map((group, i) => ({ variables: [variables[i]!], ...group }));
    const isPlain = one.groups.every((group) => Object.keys(group).length === 0);
    const optimizer = OPTIMIZERS[one.optimizer](isPlain ? variables : groups, one.options);
    for (const [step, expected] of one.path.entries()) {
      const loss = lossOf(variables, golden.gradients[step]!);
      const places = one.missing.includes(step) ? [0] : [0, 1];
      tf.dispose(optimizer.minimize(() => loss(places), { learningRate: golden.rates[step]! }));
      variables.forEach((variable, i) => toBeCloseTo(variable.dataSync(), expected[i]!, TOLERANCE));
    }
    optimizer.dispose();
    tf.dispose(variables);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(golden.averages)('ema of $decay', ({ decay, path }) => {
    const before = tf.memory().numTensors;
    const [w, b] = begin();
    const averages = ema([w!], { decay });
    const at = () => averages.state.get('average.0')!.dataSync();
    for (const [step, expected] of path.entries()) {
      const gradient = golden.gradients[step]![0]!;
      tf.tidy(() => w!.assign(tf.sub(w!, tf.mul(golden.rates[step]!, tf.tensor(gradient, w!.shape)))));
      averages.update();
      toBeCloseTo(at(), expected, TOLERANCE);
    }
    averages.dispose();
    tf.dispose([w!, b!]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
