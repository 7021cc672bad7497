import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { ldamSubset, longTail } from '../src/index.ts';

const sum = (counts: Int32Array) => counts.reduce((a, b) => a + b);
const tail = (numClasses: number, imbalanceFactor: number) =>
  longTail({ numClasses, largest: numClasses === 10 ? 5000 : 500, imbalanceFactor });

describe('longTail', () => {
  it('has the published totals of CIFAR-LT', () => {
    expect([100, 50, 10].map((factor) => sum(tail(10, factor)))).toEqual([12406, 13996, 20431]);
    expect([100, 50, 10].map((factor) => sum(tail(100, factor)))).toEqual([10847, 12608, 19573]);
    expect([...tail(10, 100)]).toEqual([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]);
  });

  it("has Python's counts at every factor: no power is rounded otherwise", () => {
    const rows = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/long_tail_counts.json'), 'utf8'));
    expect(rows.length).toBeGreaterThan(100);
    for (const { sum: total, sha256, ...options } of rows) {
      const counts = longTail(options);
      expect([options, sum(counts)]).toEqual([options, total]);
      expect(createHash('sha256').update(counts.join(',')).digest('hex')).toBe(sha256);
    }
  });

  it('step: one half as it was, the other divided', () => {
    expect([...longTail({ numClasses: 4, largest: 50, imbalanceFactor: 20, profile: 'step' })]).toEqual([
      50, 50, 2, 2,
    ]);
    expect(() => tail(10, 0.5)).toThrow(InputError);
  });
});

describe('ldamSubset', () => {
  /** Positions inside the class, for labels in class order. */
  function positions(numClasses: number, factor: number): number[][] {
    const perClass = 50_000 / numClasses;
    const labels = Int32Array.from({ length: 50_000 }, (_, i) => Math.floor(i / perClass));
    const counts = tail(numClasses, factor);
    const subset = ldamSubset(labels, counts);
    return Array.from(counts, (n, c) => {
      const start = counts.subarray(0, c).reduce((a, b) => a + b, 0);
      return [...subset.subarray(start, start + n)].map((i) => i - c * perClass);
    });
  }
  const sha256 = (classes: number[][]) =>
    createHash('sha256')
      .update(classes.map((c) => c.join(',')).join(';'))
      .digest('hex');

  it.each([
    [10, 100, '79bed076bc9816e878e58322d03dc7150b102956ead31e2d14a1888dceac4c11'],
    [100, 100, '308968684bc29f1335943b8f53b433661f33a1964a458b737e17370327e29360'],
    [100, 50, 'fe07979e8a90532f05b6311d8669eca3d772b7b60f027b961c706a61eebfe7f7'],
    [100, 10, '5adb49a9085a10976d8aff187400fe6210ba520d01abef63fbc86811c4332c6e'],
  ])("CIFAR-%i, imbalance factor %i: NumPy's subset to the image", (numClasses, factor, hash) => {
    expect(sha256(positions(numClasses, factor))).toBe(hash);
  });

  it('starts with the known positions', () => {
    const [c10, c100] = [positions(10, 100), positions(100, 100)];
    expect(c10[0]!.slice(0, 5)).toEqual([398, 3833, 4836, 4572, 636]);
    expect(c10[9]!.slice(0, 5)).toEqual([2204, 3816, 2206, 2507, 1926]);
    expect(c100[1]!.slice(0, 5)).toEqual([277, 307, 436, 88, 261]);
    expect(c100[99]).toEqual([348, 153, 363, 361, 299]);
  });

  it('names a class that is too small', () => {
    expect(() => ldamSubset([0, 1], [1, 2])).toThrow('class 1 is to keep 2 images, but has 1.');
  });
});
