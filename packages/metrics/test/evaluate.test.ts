import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classCounts, InputError } from '@longtail/core';
import { readNpy, sharedOrSkip } from '@longtail/test-support';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argmax, evaluate } from '../src/index.ts';

interface GoldenScores {
  many: number;
  medium: number;
  few: number;
  overall: number;
  mean_per_class: number;
  macro_f1: number;
}

describe('evaluate', () => {
  it("agrees with the official code's scores of its own NCM logits", (context) => {
    const folder = sharedOrSkip(context, 'reference/heads');
    const npy = (name: string) => readNpy(join(folder, `${name}.npy`)).data;
    const { ncm, classes } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
      ncm: Record<string, GoldenScores>;
      classes: number;
    };
    const counts = classCounts(npy('train_labels'), { numClasses: classes });
    for (const [kind, expected] of Object.entries(ncm)) {
      const predictions = argmax(npy(`ncm_${kind}_logits`), { numClasses: classes });
      const scores = evaluate(predictions, npy('test_labels'), counts);
      // Both are sums of the same few hundred quotients in float64.
      for (const key of ['many', 'medium', 'few'] as const)
        expect(scores[key]).toBeCloseTo(expected[key], 12);
      expect(scores.all).toBeCloseTo(expected.overall, 12);
      expect(scores.meanOfClasses).toBeCloseTo(expected.mean_per_class, 12);
      expect(scores.macroF1).toBeCloseTo(expected.macro_f1, 12);
    }
  });

  it('agrees with scikit-learn on random labels (golden/macro_f1.py)', () => {
    const cases = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/macro_f1.json'), 'utf8'));
    for (const { classes, labels, predictions, accuracy, macroF1 } of cases) {
      const scores = evaluate(predictions, labels, Array(classes).fill(50));
      expect(scores.all).toBeCloseTo(accuracy, 12);
      expect(scores.macroF1).toBeCloseTo(macroF1, 12);
    }
  });

  it('gives null, not 0, for a group or class without test images', () => {
    const scores = evaluate([0, 0], [0, 0], [500, 50, 5]);
    expect(scores).toMatchObject({ all: 1, many: 1, medium: null, few: null, perClass: [1, null, null] });
    expect(scores.meanOfClasses).toBe(1);
  });

  it('is 1 everywhere for perfect predictions, and does not mind the order of the images', () => {
    const labelLists = fc.array(fc.nat({ max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(labelLists, (labels) => {
        const scores = evaluate(labels, labels, Array(10).fill(200));
        expect([scores.all, scores.many, scores.meanOfClasses, scores.macroF1]).toEqual([1, 1, 1, 1]);
        const wrong = labels.map((c) => (c * 3) % 10);
        const [forth, back] = [
          evaluate(wrong, labels, Array(10).fill(9)),
          evaluate(wrong.toReversed(), labels.toReversed(), Array(10).fill(9)),
        ];
        expect(forth).toEqual(back);
      }),
    );
  });

  it('names what does not fit', () => {
    expect(() => evaluate([0], [0, 1], [5, 5])).toThrow('a prediction a label, but got 1 for 2');
    expect(() => evaluate([2], [0], [5, 5])).toThrow('predictions[0] is 2');
    expect(() => evaluate([0], [2], [5, 5])).toThrow('labels[0] is 2');
    expect(() => evaluate([0, 12], [0, 1], Array(10).fill(9))).toThrow(
      'predictions must be integers from 0 to 9, but predictions[1] is 12.',
    );
    for (const count of [Number.NaN, -3, undefined])
      expect(() => evaluate([0], [0], [5, count as number])).toThrow(`the count of class 1 is ${count}`);
    expect(() => evaluate([0], [0], [5], { groupRule: 'toString' as 'oltr' })).toThrow(
      'groupRule must be one of official, oltr, mislas, but it is "toString".',
    );
    expect(evaluate(BigInt64Array.of(0n), BigInt64Array.of(0n), [5]).all).toBe(1);
    expect(() => evaluate([0], [0], [5], { groupRule: 'mine' as 'oltr' })).toThrow(InputError);
  });
});
