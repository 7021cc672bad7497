/** Each law against its equation, what it must not depend on, and where it ends. */
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capped,
  classAware,
  classBalanced,
  classEffectiveNumber,
  deferred,
  effectiveNumber,
  instanceBalanced,
  inverseFrequency,
  mixed,
  powerLaw,
  progressivelyBalanced,
  reversed,
  type SamplerWithLaw,
  squareRoot,
  weightedBy,
} from '../src/index.ts';
import { cifarLabels } from './profiles.ts';

type Make = (labels: ArrayLike<number>) => SamplerWithLaw;
const seed = 0;
const FACTORIES: Record<string, Make> = {
  'instance-balanced': (labels) => instanceBalanced(labels, { seed }),
  'class-balanced': (labels) => classBalanced(labels, { seed }),
  'square-root': (labels) => squareRoot(labels, { seed }),
  'q = 0.3': (labels) => powerLaw(labels, { q: 0.3, seed }),
  'progressively-balanced': (labels) => progressivelyBalanced(labels, { epochs: 2, seed }),
  mixed: (labels) => mixed(labels, { switchEpoch: 1, seed }),
  'class-aware': (labels) => classAware(labels, { seed }),
  'inverse-frequency': (labels) => inverseFrequency(labels, { seed }),
  'effective-number': (labels) => effectiveNumber(labels, { seed }),
  'class-effective-number': (labels) => classEffectiveNumber(labels, { seed }),
  reversed: (labels) => reversed(labels, { seed }),
  capped: (labels) => capped(labels, { cap: 2, seed }),
  deferred: (labels) => deferred(labels, { switchEpoch: 1, seed }),
  'weighted by hand': (labels) => weightedBy(labels, { classWeights: (n) => n.map((m) => m + 1), seed }),
};
const all = Object.entries(FACTORIES);
/** With empty classes, gaps, one class, one image. */
const labelLists = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 200 });
const close = { absolute: 1e-14, relative: 1e-12 }; // sums of up to 200 doubles in another order

describe('equations, on counts 6, 2, 0, 1', () => {
  const labels = [0, 0, 0, 0, 0, 0, 1, 1, 3];
  const of = (sampler: SamplerWithLaw, epoch = 0) => sampler.probabilities(epoch);
  const between = 0.5 + (0.25 * Math.log(3)) / Math.log(6); // beta of two images, E = 1 + beta
  const normalised = (w: number[]) => w.map((one) => one / w.reduce((a, b) => a + b));
  const roots = Math.sqrt(6) + Math.sqrt(2) + 1;
  it.each<[string, Float64Array, number[]]>([
    ['instance-balanced', of(instanceBalanced(labels, { seed })), [6 / 9, 2 / 9, 0, 1 / 9]],
    ['class-balanced', of(classBalanced(labels, { seed })), [1 / 3, 1 / 3, 0, 1 / 3]],
    [
      'square-root',
      of(squareRoot(labels, { seed })),
      [Math.sqrt(6) / roots, Math.sqrt(2) / roots, 0, 1 / roots],
    ],
    ['class-aware', of(classAware(labels, { seed })), [1 / 3, 1 / 3, 0, 1 / 3]],
    ['inverse-frequency', of(inverseFrequency(labels, { seed })), [1 / 3, 1 / 3, 0, 1 / 3]],
    ['reversed', of(reversed(labels, { seed })), [1 / 10, 3 / 10, 0, 6 / 10]],
    ['capped', of(capped(labels, { cap: 2, seed })), [2 / 5, 2 / 5, 0, 1 / 5]],
    ['weighted by', of(weightedBy(labels, { classWeights: [1, 0, 9, 3], seed })), [1 / 4, 0, 0, 3 / 4]],
    ['mixed, before', of(mixed(labels, { switchEpoch: 2, seed }), 1), [6 / 9, 2 / 9, 0, 1 / 9]],
    ['mixed, after', of(mixed(labels, { switchEpoch: 2, seed }), 2), [1 / 3, 1 / 3, 0, 1 / 3]],
    ['effective-number, beta 0', of(effectiveNumber(labels, { beta: 0, seed })), [6 / 9, 2 / 9, 0, 1 / 9]],
    [
      'class-effective-number, no spread: that of effective-number',
      of(classEffectiveNumber(labels, { beta: 0.5, spread: 0, seed })),
      [...of(effectiveNumber(labels, { beta: 0.5, seed }))],
    ],
    [
      'class-effective-number, beta from .5 to .75',
      of(classEffectiveNumber(labels, { beta: 0.5, spread: 0.25, seed })),
      normalised([6 / (2 - 2 ** -5), 2 / (1 + between), 0, 1]),
    ],
    [
      'effective-number, beta .5: n / (2 - 2^(1 - n))',
      of(effectiveNumber(labels, { beta: 0.5, seed })),
      [6 / (2 - 2 ** -5), 2 / 1.5, 0, 1].map((w) => w / (6 / (2 - 2 ** -5) + 2 / 1.5 + 1)),
    ],
  ])('%s', (_, law, expected) => toBeCloseTo(law, expected, close));

  it('progressively-balanced goes from end to end, on the paper’s scale or the official one', () => {
    const paper = progressivelyBalanced(labels, { epochs: 4, seed });
    const official = progressivelyBalanced(labels, { epochs: 4, seed, schedule: 'official' });
    toBeCloseTo(of(paper), [6 / 9, 2 / 9, 0, 1 / 9], close);
    toBeCloseTo(of(paper, 3), [0.25 * (6 / 9) + 0.25, 0.25 * (2 / 9) + 0.25, 0, 0.25 / 9 + 0.25], close);
    toBeCloseTo(of(official), [6 / 9, 2 / 9, 0, 1 / 9], close);
    toBeCloseTo(of(official, 3), [1 / 3, 1 / 3, 0, 1 / 3], close);
    expect(of(progressivelyBalanced(labels, { epochs: 1, schedule: 'official', seed }))[0]).toBe(6 / 9);
  });

  it("effective-number has the weights of Cui's loss an image: CIFAR-100-LT, IF 100, from .044876 to 4.378313", () => {
    const cifar = cifarLabels(100, 100);
    const law = of(effectiveNumber(cifar, { seed }));
    // w_c ~ p_c / n_c, scaled to sum C.
    const weights = law.map((p, c) => p / cifar.filter((label) => label === c).length);
    const scale = 100 / weights.reduce((a, b) => a + b);
    expect(weights[0]! * scale).toBeCloseTo(0.044876, 6);
    expect(weights[99]! * scale).toBeCloseTo(4.378313, 6);
  });

  it('class-effective-number is the law of the published weights, by NumPy', () => {
    const labels = [600, 200, 0, 1].flatMap((n, c) => Array<number>(n).fill(c));
    const expected = [0.33889119003125534, 0.3321680758825892, 0, 0.3289407340861555];
    // 1 - beta^n loses digits there: beta is 1e-4 from 1
    toBeCloseTo(of(classEffectiveNumber(labels, { seed })), expected, { absolute: 1e-11 });
    expect(() => classEffectiveNumber(labels, { beta: 0.9999, spread: 1e-4, seed })).toThrow('beta + spread');
  });

  it('effective-number nears class-balanced as beta nears 1, without loss of digits', () => {
    toBeCloseTo(of(effectiveNumber(labels, { beta: 1 - 1e-12, seed })), [1 / 3, 1 / 3, 0, 1 / 3], {
      absolute: 1e-11, // the law itself is some n (1 - beta) away
    });
  });
});

describe.each(all)('%s', (name, make) => {
  it('is a law on any labels, and draws no other class', () => {
    fc.assert(
      fc.property(labelLists, fc.integer({ min: 0, max: 1 }), (labels, epoch) => {
        const sampler = make(labels);
        const law = sampler.probabilities(epoch);
        expect(Math.abs(law.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
        labels.forEach((c) => expect(law[c]!).toBeGreaterThan(0));
        expect(law.filter((p) => p > 0).length).toBe(new Set(labels).size);
        const indices = sampler.indices(epoch);
        expect(indices.length).toBe(sampler.length);
        expect(indices.every((i) => i >= 0 && i < labels.length)).toBe(true);
      }),
      { seed: 2 },
    );
  });

  it('does not depend on what classes are called, nor on the order of images', () => {
    fc.assert(
      fc.property(labelLists, fc.integer({ min: 0, max: 1 }), fc.nat({ max: 40 }), (labels, epoch, shift) => {
        const renamed = labels.map((c) => (c * 7 + shift) % 41).reverse(); // 41 is prime: one to one
        const [law, other] = [make(labels), make(renamed)].map((s) => s.probabilities(epoch));
        for (const c of labels) expect(other![(c * 7 + shift) % 41]!).toBeCloseTo(law![c]!, 12);
      }),
      { seed: 3 },
    );
  });

  const scaleFree = ![
    'effective-number',
    'class-effective-number',
    'deferred',
    'capped',
    'weighted by hand',
  ].includes(name);
  it(scaleFree ? 'depends on the ratios of the counts alone' : 'depends on the counts themselves', () => {
    const labels = [0, 0, 0, 0, 0, 1, 1, 2];
    const law = make(labels).probabilities(1);
    const threefold = make([...labels, ...labels, ...labels]).probabilities(1);
    if (scaleFree) toBeCloseTo(threefold, law, close);
    else expect(Math.abs(threefold[0]! - law[0]!)).toBeGreaterThan(1e-6);
  });

  it('holds 100,000 classes, of which two in three are empty', () => {
    const labels = Int32Array.from({ length: 150_000 }, (_, i) => 3 * (i % 33_334));
    const sampler = make(labels);
    expect(sampler.probabilities(1).length).toBe(100_000);
    const indices = sampler.indices(1);
    expect(indices.length).toBe(sampler.length);
    expect(indices.every((i) => i >= 0 && i < labels.length)).toBe(true);
  });

  it('names a bad label and its place', () => {
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => make([0, 1, bad])).toThrow(`labels[2] is ${bad}.`);
    expect(() => make([])).toThrow('labels must hold at least one label, but the list is empty.');
  });
});

describe('bad options are named', () => {
  const labels = [0, 0, 1];
  it.each<[string, () => unknown]>([
    ['q must be a number in [0, 1], but it is 1.5.', () => powerLaw(labels, { q: 1.5, seed })],
    ['q must be a number in [0, 1], but it is -0.1.', () => powerLaw(labels, { q: -0.1, seed })],
    ['q must be a number in [0, 1], but it is NaN.', () => powerLaw(labels, { q: Number.NaN, seed })],
    [
      'epochs must be an integer >= 1, but it is 0.',
      () => progressivelyBalanced(labels, { epochs: 0, seed }),
    ],
    [
      'epochs must be an integer >= 1, but it is 2.5.',
      () => progressivelyBalanced(labels, { epochs: 2.5, seed }),
    ],
    [
      'an epoch must be an integer from 0 to 3, but it is 4.',
      () => progressivelyBalanced(labels, { epochs: 4, seed }).indices(4),
    ],
    ['an epoch must be an integer from 0, but it is -1.', () => capped(labels, { cap: 1, seed }).indices(-1)],
    ['beta must be a number in [0, 1), but it is 1.', () => effectiveNumber(labels, { beta: 1, seed })],
    ['cap must be an integer >= 1, but it is 0.', () => capped(labels, { cap: 0, seed })],
    ['switchEpoch must be an integer >= 0, but it is -1.', () => mixed(labels, { switchEpoch: -1, seed })],
    [
      'but instance-balanced has 3 and capped 2.',
      () => deferred(labels, { seed, after: (l, o) => capped(l, { cap: 1, ...o }) }),
    ],
    ['but there are 1.', () => weightedBy(labels, { classWeights: [1], seed })],
    ['but classWeights[1] is -2.', () => weightedBy(labels, { classWeights: [1, -2], seed })],
    ['but classWeights[0] is NaN.', () => weightedBy(labels, { classWeights: [Number.NaN, 1], seed })],
    ['but it is 0.', () => weightedBy(labels, { classWeights: [0, 0], seed })],
    ['but it is 0.', () => weightedBy([0, 2], { classWeights: [0, 5, 0], seed })],
    ['a seed must be an integer, but undefined was given.', () => classBalanced(labels, {} as never)],
    ['the options of instanceBalanced must be an object', () => instanceBalanced(labels, undefined as never)],
    [
      'labels[1] is 2147483000, and so many classes are too many for 2 labels',
      () => classBalanced([0, 2_147_483_000], { seed }),
    ],
    ['a seed must be an integer, but 0.5 was given.', () => classBalanced(labels, { seed: 0.5 })],
  ])('%s', (message, run) => {
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  });

  it('weights of a function are checked at the epoch they are for', () => {
    const fading = weightedBy(labels, { classWeights: (_, epoch) => [1 - epoch, 0], seed });
    expect(fading.probabilities(0)[0]).toBe(1);
    expect(() => fading.indices(1)).toThrow('but it is 0.');
  });
});
