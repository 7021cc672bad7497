/** Numbers that the reference code gives for CIFAR-100-LT of imbalance 100, and what the losses are to one another. */
import '@tensorflow/tfjs';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Labels, Loss, LossOptions } from '../src/index.ts';
import * as losses from '../src/index.ts';

beforeAll(useTestBackend);

const C100 = Int32Array.from({ length: 100 }, (_, c) => Math.trunc(500 * 0.01 ** (c / 99)));
const EPOCH: LossOptions = { epoch: 0 };

const logits = (n = 8, c = 4): tf.Tensor2D => normal([n, c], { seed: 1, deviation: 3 }) as tf.Tensor2D;
const LABELS = [0, 1, 2, 3, 0, 0, 1, 2];
const lossOf = (loss: Loss, z: tf.Tensor2D, labels: Labels = tf.tensor1d(LABELS, 'int32'), options = EPOCH) =>
  loss(z, labels, options).dataSync()[0]!;
const gradientOf = (loss: Loss, z: tf.Tensor2D, options = EPOCH) =>
  tf
    .grad((at) => loss(at as tf.Tensor2D, tf.tensor1d(LABELS, 'int32'), options))(z)
    .dataSync();

const COUNTS = [500, 60, 20, 5];

describe('CIFAR-100-LT, imbalance 100', () => {
  it('has the class-balanced weights of LDAM-DRW', () => {
    const weights = losses.effectiveNumberWeights(C100, { beta: 0.9999 });
    expect([weights[0], weights[99]]).toEqual([expect.closeTo(0.044876, 6), expect.closeTo(4.378313, 6)]);
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(100, 3);
  });

  it("has LDAM's margins", () => {
    const margins = losses.ldamMargins(C100);
    expect(margins[99]).toBe(0.5);
    expect(margins[0]).toBeCloseTo(0.5 * (5 / 500) ** 0.25, 6);
  });

  it("has MiSLAS's smoothing", () => {
    const epsilons = losses.labelAwareEpsilons(C100);
    const found = [epsilons[0], epsilons[1], epsilons[50], epsilons[99]];
    toBeCloseTo(found as number[], [0.4, 0.399201, 0.140809, 0.1], { absolute: 5e-7, relative: 0 });
  });
});

describe('one loss is another where', () => {
  it('balanced softmax is the cross-entropy of z + log n, and the logit-adjusted loss at tau 1', () => {
    const z = logits();
    const byHand = lossOf(losses.crossEntropy(), tf.add(z, tf.log(tf.tensor1d(COUNTS))));
    expect(lossOf(losses.balancedSoftmax(COUNTS), z)).toBeCloseTo(byHand, 5);
    expect(lossOf(losses.logitAdjusted(COUNTS), z)).toBe(lossOf(losses.balancedSoftmax(COUNTS), z));
    expect(lossOf(losses.ladeCrossEntropy(COUNTS), z)).toBeCloseTo(byHand, 5);
  });

  it('nothing is re-weighted, focused, adjusted, smoothed or cooled', () => {
    const z = logits();
    const plain = lossOf(losses.crossEntropy(), z);
    const same: Loss[] = [
      losses.weightedCrossEntropy([2, 2, 2, 2]),
      losses.classBalanced(COUNTS, { beta: 0 }),
      losses.costSensitive(COUNTS, { gamma: 0 }),
      losses.grw(COUNTS, { rho: 0 }),
      losses.focal({ gamma: 0 }),
      losses.logitAdjusted(COUNTS, { tau: 0 }),
      losses.labelAwareSmoothing(COUNTS, { head: 0, tail: 0 }),
      losses.cdt(COUNTS, { gamma: 0 }),
      losses.equalization(COUNTS, { threshold: 0 }),
      losses.ldam(COUNTS, { maxMargin: 0, scale: 1 }),
      losses.gcl(COUNTS, { amplitude: 0, scale: 1 }),
      losses.influenceBalanced(COUNTS),
      losses.drw(COUNTS, (weights) => (weights ? losses.grw(COUNTS) : losses.crossEntropy())),
    ];
    for (const loss of same) expect(lossOf(loss, z, undefined, { epoch: 0, step: 0 })).toBeCloseTo(plain, 5);
  });

  it('counts are all alike', () => {
    const z = logits();
    const alike = [7, 7, 7, 7];
    const plain = lossOf(losses.crossEntropy(), z);
    for (const loss of [losses.balancedSoftmax(alike), losses.grw(alike), losses.cdt(alike)])
      expect(lossOf(loss, z)).toBeCloseTo(plain, 5);
    const scaled = lossOf(losses.crossEntropy(), tf.mul(z, 30));
    expect(lossOf(losses.gcl(alike), z, undefined, { epoch: 0, step: 0 })).toBeCloseTo(scaled, 3);
  });

  it('deferred re-weighting has come, and not an epoch before', () => {
    const z = logits();
    const loss = losses.drw(COUNTS, (weights) => losses.ldam(COUNTS, { weights }));
    const at = (epoch: number) => lossOf(loss, z, undefined, { epoch });
    expect(at(159)).toBe(lossOf(losses.ldam(COUNTS), z));
    const weights = losses.effectiveNumberWeights(COUNTS, { beta: 0.9999 });
    expect(at(160)).toBe(lossOf(losses.ldam(COUNTS, { weights }), z));
    expect(at(160)).not.toBe(at(159));
  });
});

describe('classes without images', () => {
  const absent = [100, 0, 10, 1];

  it('weigh nothing, count as the rarest in margins and temperatures, and have the share 1e-9', () => {
    expect(losses.effectiveNumberWeights(absent)[1]).toBe(0);
    expect(losses.ldamMargins(absent)[1]).toBe(0.5);
    expect(losses.labelAwareEpsilons(absent)[1]).toBeCloseTo(0.1, 6);
    const z = logits();
    const prior = tf.tensor1d([100 / 111, 1e-9, 10 / 111, 1 / 111]);
    const byHand = lossOf(losses.crossEntropy(), tf.add(z, tf.log(prior)));
    expect(lossOf(losses.balancedSoftmax(absent), z)).toBeCloseTo(byHand, 4);
    const only = tf.tensor1d([1, 1], 'int32');
    expect(lossOf(losses.grw(absent), logits(2), only)).toBe(0); // not 0 / 0
  });
});

describe('equalisation', () => {
  it('rare classes feel no push from other classes, when all are left out', () => {
    const loss = losses.equalization(COUNTS, { gamma: 1, threshold: 0.05 });
    const gradient = gradientOf(loss, logits(), { epoch: 0, step: 0 });
    for (const [row, label] of LABELS.entries())
      for (const rare of [2, 3]) expect(gradient[row * 4 + rare] === 0).toBe(label !== rare); // 20 and 5 of 585 are below 0.05
  });
});

describe('random losses', () => {
  it('draw by the step, and by the seed', () => {
    const z = logits();
    const at = (step: number, seed = 0) =>
      lossOf(losses.gcl(COUNTS, { seed }), z, undefined, { epoch: 0, step });
    expect(at(1)).toBe(at(1));
    expect(at(2)).not.toBe(at(1));
    expect(at(1, 5)).not.toBe(at(1));
    for (const loss of [losses.gcl(COUNTS), losses.equalization(COUNTS)])
      expect(() => lossOf(loss, z)).toThrow('draws random numbers by the step');
  });
});

describe('after training', () => {
  it('PC-softmax for balanced classes orders classes as logit adjustment does', () => {
    const z = logits();
    const [a, b] = [losses.pcSoftmax(z, COUNTS), losses.adjustLogits(z, COUNTS)];
    toBeCloseTo(tf.softmax(a).dataSync(), tf.softmax(b).dataSync());
    toBeCloseTo(losses.pcSoftmax(z, COUNTS, { target: COUNTS }).dataSync(), z.dataSync());
  });
});

describe('what is refused', () => {
  it.each<[string, () => unknown, string]>([
    ['a negative count', () => losses.ldam([3, -1]), 'the count of class 1 is -1'],
    ['no image', () => losses.balancedSoftmax([0, 0]), 'all 2 are 0'],
    ['beta 1', () => losses.classBalanced([3], { beta: 1 }), 'beta must be a number in [0, 1), but it is 1'],
    ['gamma', () => losses.focal({ gamma: -1 }), 'gamma must be a number >= 0'],
    ['a weight', () => losses.weightedCrossEntropy([1, Number.NaN]), 'weights[1] is NaN'],
    ['smoothing', () => losses.crossEntropy({ smoothing: 2 }), 'smoothing must be a number in [0, 1]'],
    [
      'an epoch',
      () => losses.drw([3], () => losses.crossEntropy(), { startEpoch: -1 }),
      'startEpoch must be',
    ],
    ['classes', () => lossOf(losses.grw([3, 4]), logits()), 'made for 2 classes, but the logits are [8,4]'],
    [
      'features',
      () => lossOf(losses.influenceBalanced(COUNTS, { startEpoch: 0 }), logits()),
      'needs the features [8, D]',
    ],
    [
      'targets',
      () => lossOf(losses.crossEntropy(), logits(), tf.zeros([8, 3]) as tf.Tensor2D),
      'soft targets must be float32',
    ],
  ])('%s', (_, run, message) => {
    const z = tf.memory().numTensors;
    expect(() => tf.tidy(() => void run())).toThrow(message);
    expect(tf.memory().numTensors).toBe(z);
  });
});

describe('for any logits', () => {
  it('no softmax loss changes when a row is shifted, and its gradient sums to 0 a row', () => {
    const row = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 4, maxLength: 4 });
    const rows = fc.array(row, { minLength: 8, maxLength: 8 });
    const shift = fc.float({ min: -50, max: 50, noNaN: true });
    const make: Loss[] = [
      losses.crossEntropy(),
      losses.crossEntropy({ smoothing: 0.2 }),
      losses.balancedSoftmax(COUNTS),
      losses.focal(),
      losses.grw(COUNTS),
      losses.labelAwareSmoothing(COUNTS),
    ];
    fc.assert(
      fc.property(rows, shift, fc.nat({ max: make.length - 1 }), (values, by, which) => {
        tf.tidy(() => {
          const [loss, z] = [make[which]!, tf.tensor2d(values)];
          const [value, moved] = [lossOf(loss, z), lossOf(loss, tf.add(z, by))];
          // Logits up to 70 have an ulp of 8e-6.
          expect(Math.abs(moved - value)).toBeLessThan(1e-4);
          const gradient = gradientOf(loss, z);
          for (let r = 0; r < 8; r++) {
            const sum = [0, 1, 2, 3].reduce((so, c) => so + gradient[4 * r + c]!, 0);
            expect(Math.abs(sum)).toBeLessThan(1e-5);
          }
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

it('as many classes as arguments cannot be are no trouble', () => {
  const counts = Int32Array.from({ length: 300_000 }, (_, c) => 1 + (c % 1000));
  const made = [losses.cdt, losses.costSensitive, losses.gcl, losses.ldam, losses.labelAwareSmoothing];
  for (const make of made) expect(make(counts)).toBeInstanceOf(Function);
  expect(losses.ldamMargins(counts)[0]).toBe(0.5);
  expect(losses.labelAwareEpsilons(counts)[999]).toBeCloseTo(0.4, 6);
});
