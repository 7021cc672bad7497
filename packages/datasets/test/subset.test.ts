import { classCounts, InputError } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Dataset,
  drawSubset,
  longTail,
  SHIFTS,
  seededSubset,
  shiftedCounts,
  shiftedTest,
  subsetHash,
  subsetOf,
} from '../src/index.ts';

const balanced = (numClasses: number, perClass: number) =>
  Int32Array.from({ length: numClasses * perClass }, (_, i) => i % numClasses);

describe('long-tailed profiles', () => {
  it('begin with n_max, end with trunc(n_max f), never rise, and reverse', () => {
    const profile = fc.constantFrom('exponential' as const, 'step' as const, 'pareto' as const);
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 400 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 500 }),
        profile,
        (numClasses, largest, imbalanceFactor, profile) => {
          const options = { numClasses, largest, imbalanceFactor, profile };
          const counts = [...longTail(options)];
          expect([counts[0], counts.at(-1)]).toEqual([largest, Math.trunc(largest * (1 / imbalanceFactor))]);
          expect(counts).toEqual([...counts].sort((a, b) => b - a));
          expect([...longTail({ ...options, reversed: true })]).toEqual(counts.reverse());
        },
      ),
      { seed: 1 },
    );
  });

  it("Pareto: the second of 16 classes at factor 16 has half of the first's", () => {
    const counts = longTail({ numClasses: 16, largest: 1600, imbalanceFactor: 16, profile: 'pareto' });
    expect([0, 1, 3, 7, 15].map((c) => counts[c])).toEqual([1600, 800, 400, 200, 100]);
    expect(() =>
      longTail({ numClasses: 2, largest: 2, imbalanceFactor: 2, profile: 'zipf' as never }),
    ).toThrow(InputError);
  });
});

describe('seededSubset', () => {
  it('keeps n_c of each class; fewer are the first of more; classes do not depend on one another', () => {
    const labels = balanced(5, 100);
    const [few, more] = [seededSubset(labels, [9, 4, 3, 2, 1]), seededSubset(labels, [100, 4, 3, 2, 1])];
    expect([...classCounts(few.map((i) => labels[i]!))]).toEqual([9, 4, 3, 2, 1]);
    expect(new Set(more).size).toBe(110);
    expect(more.slice(0, 9)).toEqual(few.slice(0, 9));
    expect(more.slice(100)).toEqual(few.slice(9));
    expect(seededSubset(labels, [9, 4, 3, 2, 1], { seed: 1 })).not.toEqual(few);
    expect(() => seededSubset(labels, [101, 1, 1, 1, 1])).toThrow(
      'class 0 is to keep 101 images, but has 100.',
    );
  });

  it('has the hash that names it', () => {
    const labels = balanced(5, 100);
    const indices = seededSubset(labels, [9, 4, 3, 2, 1]);
    expect(subsetHash(labels, indices)).toBe(
      '4916d5bfa62f2b6a2ff18704b492af7ae3bbbe78d4db7a9be16dd458a2093e7d',
    );
    const sorted = labels.toSorted();
    const same = seededSubset(sorted, [9, 4, 3, 2, 1]);
    expect(subsetHash(sorted, same)).toBe(subsetHash(labels, indices)); // in whatever order the classes lie
    const cifar100 = balanced(100, 500);
    const counts = longTail({ numClasses: 100, largest: 500, imbalanceFactor: 100 });
    expect(subsetHash(cifar100, drawSubset(cifar100, counts))).toBe(
      '308968684bc29f1335943b8f53b433661f33a1964a458b737e17370327e29360', // LDAM's
    );
  });
});

describe('subsetOf', () => {
  const labels = balanced(3, 4);
  const set: Dataset = {
    name: 'whole',
    length: 12,
    labels,
    classNames: ['a', 'b', 'c'],
    read: (i) => ({ data: Uint8Array.of(i), height: 1, width: 1, channels: 1 }),
    file: (i) => ({ path: `${i}.jpg` }),
  };

  it('is the pictures it was made of', async () => {
    const subset = subsetOf(set, Int32Array.of(7, 2), { name: 'part' });
    expect([subset.name, subset.length, ...subset.labels]).toEqual(['part', 2, 1, 2]);
    expect((await subset.read(0)).data[0]).toBe(7);
    expect(subset.file!(1)).toEqual({ path: '2.jpg' });
    expect('file' in subsetOf({ ...set, file: undefined } as never, Int32Array.of(0))).toBe(false);
    expect(() => subsetOf(set, Int32Array.of(0, 12))).toThrow('indices[1] is 12');
  });
});

describe('shiftedTest', () => {
  const trainCounts = longTail({ numClasses: 100, largest: 500, imbalanceFactor: 100 });

  it("has LADE's counts on CIFAR-100: 100 to 2 at factor 50, in both directions", () => {
    const [forward, backward] = (['forward', 'backward'] as const).map((direction) =>
      shiftedCounts(trainCounts, { largest: 100, imbalanceFactor: 50, direction }),
    );
    expect([forward![0], forward![49], forward![99]]).toEqual([100, 14, 2]);
    expect([...backward!]).toEqual([...forward!].reverse());
    expect(SHIFTS.map(({ imbalanceFactor }) => imbalanceFactor)).toEqual([
      50, 25, 10, 5, 2, 2, 5, 10, 25, 50,
    ]);
  });

  it('follows the training counts, not the numbers of the classes', () => {
    const counts = shiftedCounts([5, 100, 20], { largest: 8, imbalanceFactor: 4, direction: 'forward' });
    expect([...counts]).toEqual([2, 8, 4]);
    const labels = balanced(3, 8);
    const kept = shiftedTest(labels, [5, 100, 20], { direction: 'backward', imbalanceFactor: 4 });
    expect([...classCounts(kept.map((i) => labels[i]!))]).toEqual([8, 2, 4]);
    expect(() => shiftedTest([0, 0, 1], [2, 1], { direction: 'forward', imbalanceFactor: 2 })).toThrow(
      'class 0 has 2 pictures and class 1 1',
    );
    expect(() => shiftedCounts([1], { largest: 1, imbalanceFactor: 2, direction: 'up' as never })).toThrow(
      InputError,
    );
  });
});
