import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asLabels, classCounts, groupByClass, InputError, indicesByClass, renumber } from '../src/index.ts';

const labelLists = fc.array(fc.nat({ max: 50 }), { minLength: 1 });

describe('labels', () => {
  it('counts every item once, and gaps as 0', () => {
    expect(classCounts([0, 0, 2])).toEqual(Int32Array.of(2, 0, 1));
    expect(classCounts([0], { numClasses: 3 })).toEqual(Int32Array.of(1, 0, 0));
    fc.assert(
      fc.property(labelLists, (labels) => {
        expect(classCounts(labels).reduce((a, b) => a + b)).toBe(labels.length);
      }),
    );
  });

  it('indicesByClass partitions the positions, in order', () => {
    fc.assert(
      fc.property(labelLists, (labels) => {
        const byClass = indicesByClass(labels);
        byClass.forEach((indices, c) => {
          for (const i of indices) expect(labels[i]).toBe(c);
          expect([...indices]).toEqual([...indices].sort((a, b) => a - b));
        });
        expect(byClass.reduce((n, indices) => n + indices.length, 0)).toBe(labels.length);
      }),
    );
  });

  it('groupByClass is indicesByClass end to end', () => {
    expect(groupByClass([1, 0, 1], { numClasses: 3 })).toEqual({
      order: Int32Array.of(1, 0, 2),
      offsets: Int32Array.of(0, 1, 3, 3),
      counts: Int32Array.of(1, 2, 0),
    });
    fc.assert(
      fc.property(labelLists, (labels) => {
        const { order, offsets, counts } = groupByClass(labels);
        const byClass = labels.map((_, i) => i).sort((a, b) => labels[a]! - labels[b]! || a - b);
        expect([...order]).toEqual(byClass);
        expect(counts).toEqual(classCounts(labels));
        counts.forEach((n, c) => expect(offsets[c + 1]! - offsets[c]!).toBe(n));
      }),
    );
  });

  it('names a bad label and its place', () => {
    for (const bad of [-1, 0.5, Number.NaN, 10, Number.POSITIVE_INFINITY])
      expect(() => asLabels([0, 1, bad], { numClasses: 10 })).toThrow(`labels[2] is ${bad}`);
    expect(() => asLabels([])).toThrow(InputError);
  });

  it('come as integers of 64 bits, too, as NumPy has them', () => {
    expect(asLabels(BigInt64Array.of(0n, 3n))).toEqual(Int32Array.of(0, 3));
    expect(classCounts(BigUint64Array.of(1n, 1n))).toEqual(Int32Array.of(0, 2));
    for (const bad of [-1n, 2n ** 31n, 2n ** 62n])
      expect(() => asLabels(BigInt64Array.of(0n, bad))).toThrow(`labels[1] is ${bad}n`);
  });

  it('of other kinds are refused in a sentence', () => {
    for (const bad of [undefined, null, '012', 3, {}, new DataView(new ArrayBuffer(4))])
      expect(() => asLabels(bad as never)).toThrow('labels must be an array or a typed array');
    for (const bad of [['1'], [1n], [undefined], [Symbol('a')], [{}]])
      expect(() => asLabels(bad as never)).toThrow(InputError);
    for (const numClasses of [0, 2.5, Number.NaN, 2 ** 27 + 1, '3' as never])
      expect(() => asLabels([0], { numClasses })).toThrow(
        'numClasses must be an integer from 1 to 134217728',
      );
    expect(() => classCounts([0], null as never)).toThrow(InputError);
  });

  it('one alone takes no memory for classes beyond all measure', () => {
    const far = Int32Array.of(0, 5, 2_147_483_000, 1);
    for (const count of [classCounts, groupByClass, indicesByClass])
      expect(() => count(far)).toThrow(
        'labels[2] is 2147483000, and so many classes are too many for 4 labels; number them anew by renumber(labels)',
      );
    expect(classCounts(renumber(far).labels)).toEqual(Int32Array.of(1, 1, 1, 1));
    expect(classCounts([9999])).toHaveLength(10_000);
    const many = Int32Array.from({ length: 2 ** 20 + 8 }, (_, i) => i);
    expect(classCounts(many)).toHaveLength(many.length);
  });

  it('renumber keeps order and equality, and says what the classes were', () => {
    expect(renumber([70_000_000_001, 12, 12])).toEqual({
      labels: Int32Array.of(1, 0, 0),
      values: Float64Array.of(12, 70_000_000_001),
    });
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { minLength: 1 }), (given) => {
        const { labels, values } = renumber(given);
        expect(Array.from(labels, (c) => values[c])).toEqual(given);
        expect([...values]).toEqual([...new Set(given)].sort((a, b) => a - b));
      }),
    );
    for (const bad of [-1, 0.5, 2 ** 53, '1'])
      expect(() => renumber([0, bad as number])).toThrow('labels[1] is');
    for (const bad of [1e300, 1n, '2']) expect(() => renumber([0, bad as number])).toThrow('labels[1] is');
    expect(() => renumber(['a', 0 as never])).toThrow('labels must be all texts, but labels[1] is 0.');
  });

  it('renumber takes 64 bits exactly, and texts', () => {
    expect(renumber(BigInt64Array.of(2n ** 60n, 5n, 2n ** 60n + 1n, -7n))).toEqual({
      labels: Int32Array.of(2, 1, 3, 0),
      values: BigInt64Array.of(-7n, 5n, 2n ** 60n, 2n ** 60n + 1n),
    });
    expect(renumber(BigUint64Array.of(2n ** 64n - 1n, 0n)).values).toEqual(
      BigUint64Array.of(0n, 2n ** 64n - 1n),
    );
    expect(renumber(['wren', 'auk', '10', 'wren'])).toEqual({
      labels: Int32Array.of(2, 1, 0, 2),
      values: ['10', 'auk', 'wren'],
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.bigInt64Array({ minLength: 1 }), fc.array(fc.string(), { minLength: 1 })),
        (given) => {
          const before = given.slice();
          const { labels, values } = renumber(given);
          expect(Array.from(labels, (c) => values[c])).toEqual([...given]);
          expect(given).toEqual(before);
        },
      ),
    );
  });
});
