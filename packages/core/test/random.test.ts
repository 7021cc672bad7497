import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, random } from '../src/index.ts';

describe('random', () => {
  it('is the same stream for the same seed and keys, and another for any other', () => {
    const first = (...path: [number, ...(string | number)[]]) =>
      Array.from({ length: 4 }, random(...path).bits);
    expect(first(1, 'sampler', 2)).toEqual(first(1, 'sampler', 2));
    const streams = [
      [1],
      [2],
      [-1],
      [1, 0],
      [1, 1],
      [1, 'a'],
      [1, 'b'],
      [1, 'ab'],
      [1, 'a', 'b'],
      [2 ** 32 + 1],
    ];
    expect(new Set(streams.map((path) => first(...(path as [number])).join())).size).toBe(streams.length);
  });

  it('integers are uniform: chi-square at p = 0.001 over 100 cells', () => {
    const generator = random(7, 'chi-square');
    const seen = new Float64Array(100);
    for (let i = 0; i < 100_000; i++) seen[generator.integer(100)]! += 1;
    const statistic = seen.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(statistic).toBeLessThan(148.23); // the 99.9 % point of chi-square with 99 degrees of freedom
  });

  it('normals have the moments of the standard normal', () => {
    const generator = random(3);
    const values = Float64Array.from({ length: 200_000 }, () => generator.normal());
    const moment = (k: number) => values.reduce((sum, x) => sum + x ** k, 0) / values.length;
    // Four standard errors of each moment's estimate: sqrt(1, 2, 15, 96) / sqrt(n).
    const error = 4 / Math.sqrt(values.length);
    expect(Math.abs(moment(1))).toBeLessThan(error);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(error * Math.sqrt(2));
    expect(Math.abs(moment(3))).toBeLessThan(error * Math.sqrt(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(error * Math.sqrt(96));
  });

  it('shuffle keeps every item', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, items) => {
        expect([...random(seed).shuffle([...items])].sort()).toEqual([...items].sort());
      }),
    );
  });

  it('refuses a seed that is no integer', () => {
    expect(() => random(0.5)).toThrow(InputError);
    expect(() => random(Number.NaN)).toThrow('a seed must be an integer, but NaN was given.');
  });
});
