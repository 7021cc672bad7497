/** Every loss and its gradient against plain PyTorch formulas in float64 (golden/losses.py). */
import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Loss } from '../src/index.ts';
import * as losses from '../src/index.ts';
import { noise, STEP } from './golden/noise.ts';

beforeAll(useTestBackend);

/** What logits are multiplied by. */
const FACTORS: Readonly<Record<string, number>> = { ldam: 30, gcl: 30, influenceBalanced: 1000 };

interface Input {
  readonly counts: number[];
  readonly logits: number[];
  readonly labels: number[];
  readonly soft: number[];
  readonly features: number[];
}
/** null where PyTorch's plain formula gives no number: ours must, all the same. */
interface Case {
  readonly loss: string;
  readonly input: string;
  readonly value: [number] | null;
  readonly gradient: number[] | null;
  readonly featureGradient?: number[] | null;
}

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'golden', name), 'utf8'));
const { inputs, cases } = read('losses.json') as { inputs: Record<string, Input>; cases: Case[] };

const { effectiveNumberWeights: effective } = losses;
const threshold = 0.05;
const MAKE: Readonly<Record<string, (counts: number[]) => Loss>> = {
  crossEntropy: () => losses.crossEntropy(),
  'label smoothing': () => losses.crossEntropy({ smoothing: 0.1 }),
  balancedSoftmax: (counts) => losses.balancedSoftmax(counts),
  logitAdjusted: (counts) => losses.logitAdjusted(counts, { tau: 1.5 }),
  ladeCrossEntropy: (counts) => losses.ladeCrossEntropy(counts),
  cdt: (counts) => losses.cdt(counts),
  costSensitive: (counts) => losses.costSensitive(counts, { gamma: 0.5 }),
  grw: (counts) => losses.grw(counts),
  classBalanced: (counts) => losses.classBalanced(counts),
  'classBalanced by count': (counts) => losses.classBalanced(counts, { divisor: 'count' }),
  'classBalanced sigmoid': (counts) => losses.classBalanced(counts, { form: 'sigmoid' }),
  'classBalanced focal': (counts) => losses.classBalanced(counts, { form: 'focal' }),
  focal: () => losses.focal(),
  'focal, weights, gamma 0.5': (counts) =>
    losses.focal({ gamma: 0.5, weights: effective(counts, { beta: 0.99 }) }),
  'focal sigmoid': () => losses.focal({ form: 'sigmoid' }),
  ldam: (counts) => losses.ldam(counts),
  'ldam-drw': (counts) =>
    losses.drw(counts, (weights) => losses.ldam(counts, { weights }), { startEpoch: 0 }),
  'labelAwareSmoothing concave': (counts) => losses.labelAwareSmoothing(counts),
  'labelAwareSmoothing linear': (counts) => losses.labelAwareSmoothing(counts, { shape: 'linear' }),
  'labelAwareSmoothing convex': (counts) => losses.labelAwareSmoothing(counts, { shape: 'convex' }),
  equalization: (counts) => losses.equalization(counts, { threshold }),
  'equalization sigmoid': (counts) => losses.equalization(counts, { threshold, form: 'sigmoid' }),
  influenceBalanced: (counts) => losses.influenceBalanced(counts, { startEpoch: 0 }),
  gcl: (counts) => losses.gcl(counts, { margin: 0.1 }),
  'gcl, stage 2': (counts) => losses.gcl(counts, { margin: 0.1, scale: 20, gamma: 1 }),
  'gcl, weights': (counts) => losses.gcl(counts, { weights: effective(counts) }),
};

function run({ loss, input }: Case): { value: tf.TypedArray; gradients: tf.TypedArray[] } {
  const { counts, logits, labels, soft, features } = inputs[input]!;
  const shape: [number, number] = [labels.length, counts.length];
  const name = loss.replace(' of soft targets', '');
  return tf.tidy(() => {
    const targets = name === loss ? tf.tensor1d(labels, 'int32') : tf.tensor2d(soft, shape);
    const { value, grads } = tf.valueAndGrads((z, h) =>
      // Nothing of most losses comes from the features; tf.grads wants all that it is given.
      tf.add(
        MAKE[name]!(counts)(z as tf.Tensor2D, targets, { epoch: 0, step: STEP, features: h as tf.Tensor2D }),
        tf.mul(tf.sum(h!), 0),
      ),
    )([tf.tensor2d(logits, shape), tf.tensor2d(features, [labels.length, 3])]);
    return { value: value.dataSync(), gradients: grads.map((g) => g.dataSync()) } as never;
  });
}

describe('golden', () => {
  it('noise.json holds the numbers that are drawn', () => {
    expect(noise()).toEqual(read('noise.json'));
  });

  it('covers every loss of this file', () => {
    const covered = new Set(cases.map(({ loss }) => loss.replace(' of soft targets', '')));
    expect([...covered].sort()).toEqual(Object.keys(MAKE).sort());
  });

  it.each(cases)('$loss, $input', (golden) => {
    const { value, gradients } = run(golden);
    const expected = [golden.value, golden.gradient, golden.featureGradient];
    const largest = Math.max(...inputs[golden.input]!.logits.map(Math.abs));
    // float32 here, float64 there: a dozen roundings of 6e-8 of the result, and one of the logits (1e4 + log n keeps three
    // decimals), which some losses multiply.
    const absolute = 1e-6 + 2 ** -23 * largest * (FACTORS[golden.loss.split(/[-,]| of/)[0]!] ?? 1);
    for (const [i, actual] of [value, ...gradients].entries())
      if (expected[i]) toBeCloseTo(actual, expected[i], { absolute, relative: 5e-6 });
      else for (const x of actual) expect(x).toSatisfy(Number.isFinite);
  });
});
