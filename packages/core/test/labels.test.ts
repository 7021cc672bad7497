import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asLabels, classCounts, groupByClass, InputError, indicesByClass } from '../src/index.ts';

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
});
