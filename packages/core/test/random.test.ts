import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { favoursSmall, InputError, random, remainder } from '../src/index.ts';

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

  it('gives the same bits at once as one at a time, and goes on behind them', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat({ max: 300 }), fc.nat({ max: 20 }), (seed, count, spare) => {
        const [single, bulk] = [random(seed), random(seed)];
        const words = new Uint32Array(count + spare);
        bulk.fillBits(words, count);
        const expected = Array.from({ length: count }, single.bits);
        expect([...words]).toEqual([...expected, ...Array<number>(spare).fill(0)]);
        bulk.fillBits(words);
        expect([...words]).toEqual(Array.from(words, single.bits));
        expect(bulk.uniform()).toBe(single.uniform());
      }),
    );
  });

  it('shuffle swaps item i, from the last, with item integer(i + 1), however long the list', () => {
    for (const n of [0, 1, 2, 100, 4096, 4097, 20_000]) {
      const [own, plain] = [random(n, 'shuffle'), random(n, 'shuffle')];
      const expected = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = plain.integer(i + 1);
        [expected[i], expected[j]] = [expected[j]!, expected[i]!];
      }
      expect([...own.shuffle(Int32Array.from({ length: n }, (_, i) => i))]).toEqual(expected);
      expect(own.bits()).toBe(plain.bits());
    }
  });

  it('remainder is exact, and favoursSmall begins at the last whole multiple', () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 1000 }));
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (n, place) => {
        const limit = Number(2n ** 32n - (2n ** 32n % BigInt(n)));
        const some = Math.floor(place * 2 ** 32);
        const edges = [some, some - (some % n), some - (some % n) - 1, limit - 1, limit, 2 ** 32 - 1];
        for (const bits of edges.filter((word) => word >= 0 && word < 2 ** 32)) {
          expect(remainder(bits, n)).toBe(Number(BigInt(bits) % BigInt(n)));
          expect(favoursSmall(bits, n)).toBe(bits >= limit);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a seed that is no integer', () => {
    expect(() => random(0.5)).toThrow(InputError);
    expect(() => random(Number.NaN)).toThrow('a seed must be an integer, but NaN was given.');
  });
});
