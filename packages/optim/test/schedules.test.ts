import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import {
  constant,
  cosine,
  linear,
  polynomial,
  type Schedule,
  sequence,
  steps,
  warmUp,
} from '../src/index.ts';

const golden: Record<string, number[]> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden/schedules.json'), 'utf8'),
);
const LIKE_PYTORCH: Record<string, Schedule> = {
  constant: constant(0.2),
  cosine: cosine(0.2, { epochs: 20 }),
  'cosine to a minimum': cosine(0.2, { epochs: 20, minimum: 0.05 }),
  steps: steps(0.2, { at: [8, 14] }),
  polynomial: polynomial(0.2, { epochs: 15, power: 2 }),
  linear: linear(0.2, { epochs: 10, from: 0.25, to: 0.75 }),
  sequence: sequence([linear(0.2, { epochs: 5, from: 0.1, to: 1 }), cosine(0.2, { epochs: 15 })], {
    at: [5],
  }),
  'warm-up': warmUp(cosine(0.2, { epochs: 20 }), { epochs: 5, from: 0.1 }),
};

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

  it.each(Object.entries(LIKE_PYTORCH))("%s is PyTorch's (golden/schedules.py)", (name, rate) => {
    // PyTorch multiplies the last rate on and on: twenty roundings of 1e-16, and its own of small differences.
    golden[name]!.forEach((expected, epoch) => expect(rate(epoch)).toBeCloseTo(expected, 14));
  });

  it('a warm-up by batches is a straight line to a part of an epoch', () => {
    const rate = warmUp(constant(0.4), { epochs: 1.5, from: 0.25, step: 'batch' });
    expect([rate(0), rate(0, 0.75), rate(1, 0.5), rate(7)]).toEqual([0.1, 0.25, 0.4, 0.4]);
    expect(warmUp(constant(1), { epochs: 2, step: 'batch' })(0)).toBe(0);
    expect(warmUp(constant(1), { epochs: 0 })(0)).toBe(1);
  });

  it('polynomial and linear follow the official start of an epoch, too', () => {
    expect(polynomial(1, { epochs: 4, step: 'official' })(3)).toBe(0);
    expect(linear(1, { epochs: 4, step: 'epoch' })(1, 0.9)).toBe(0.75);
  });

  it.each<[string, () => unknown, string]>([
    ['no epochs', () => cosine(0.1, { epochs: 0 }), 'epochs must be a number above 0, but it is 0'],
    ['NaN epochs', () => cosine(0.1, { epochs: Number.NaN }), 'above 0, but it is NaN'],
    [
      'half an epoch',
      () => linear(1, { epochs: 1.5, step: 'epoch' }),
      'epochs must be an integer >= 1, but it is 1.5',
    ],
    ['a negative rate', () => constant(-1), 'learningRate must be a number >= 0, but it is -1'],
    ['a rate that is none', () => polynomial(Number.NaN, { epochs: 3 }), 'but it is NaN'],
    ['a negative power', () => polynomial(1, { epochs: 3, power: -1 }), 'power must be'],
    ['a factor that is none', () => steps(1, { at: [3], factor: Number.NaN }), 'factor must be'],
    [
      'a warm-up from above',
      () => warmUp(constant(1), { epochs: 2, from: 2 }),
      'from must be a number in [0, 1], but it is 2',
    ],
    ['a warm-up of less than none', () => warmUp(constant(1), { epochs: -2 }), 'but it is -2'],
    [
      'a sequence without its epochs',
      () => sequence([constant(1), constant(2)], { at: [] }),
      'needs the 1 epochs',
    ],
    [
      'a sequence that goes back',
      () => sequence([constant(1), constant(2), constant(3)], { at: [5, 3] }),
      '[5,3]',
    ],
    [
      'a rate that is none, of a schedule within another',
      () => warmUp(() => Number.NaN, { epochs: 2 })(1),
      'the rate of a schedule must be',
    ],
    ['a sequence of none', () => sequence([], { at: [] }), 'a sequence of 0 schedules'],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
