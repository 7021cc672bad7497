/** What comes again within an epoch, and what does not. */
import { classCounts } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capped,
  classBalanced,
  deferred,
  effectiveNumber,
  instanceBalanced,
  mixed,
  progressivelyBalanced,
} from '../src/index.ts';

const labelLists = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 300 });
const ascending = (indices: Iterable<number>) => [...indices].sort((a, b) => a - b);

it('instance-balanced shows every image once', () => {
  fc.assert(
    fc.property(labelLists, fc.integer(), (labels, seed) => {
      expect(ascending(instanceBalanced(labels, { seed }).indices(0))).toEqual(labels.map((_, i) => i));
    }),
    { seed: 1 },
  );
});

describe('capped', () => {
  it('shows min(n_c, cap) different images of each class', () => {
    fc.assert(
      fc.property(labelLists, fc.integer({ min: 1, max: 12 }), (labels, cap) => {
        const indices = capped(labels, { cap, seed: 1 }).indices(2);
        expect(new Set(indices).size).toBe(indices.length);
        const seen = classCounts(Array.from(indices, (i) => labels[i]!));
        expect(seen).toEqual(classCounts(labels).map((n) => Math.min(n, cap)));
      }),
      { seed: 2 },
    );
  });

  it('chooses among all images of a class alike: each of 50 in 10 of 50 epochs, within 6 deviations', () => {
    const sampler = capped(Array<number>(50).fill(0), { cap: 10, seed: 1 });
    const seen = new Int32Array(50);
    for (let epoch = 0; epoch < 500; epoch++) for (const i of sampler.indices(epoch)) seen[i]! += 1;
    for (const n of seen) expect(Math.abs(n - 100)).toBeLessThan(6 * Math.sqrt(500 * 0.2 * 0.8));
  });
});

it('cycled images of a class all come before any comes again', () => {
  fc.assert(
    fc.property(labelLists, fc.integer(), (labels, seed) => {
      const indices = progressivelyBalanced(labels, { epochs: 3, images: 'cycled', seed }).indices(2);
      const counts = classCounts(labels);
      for (const c of new Set(labels)) {
        const own = indices.filter((i) => labels[i] === c);
        for (let start = 0; start < own.length; start += counts[c]!) {
          const round = own.subarray(start, start + counts[c]!);
          expect(new Set(round).size).toBe(round.length);
        }
      }
    }),
    { seed: 3 },
  );
});

describe('two-step schedules', () => {
  const labels = [0, 0, 0, 0, 0, 1, 1, 2];
  it('mixed is instance-balanced, then class-balanced', () => {
    const sampler = mixed(labels, { switchEpoch: 3, seed: 4 });
    expect(sampler.indices(2)).toEqual(instanceBalanced(labels, { seed: 4 }).indices(2));
    expect(sampler.indices(3)).toEqual(classBalanced(labels, { seed: 4 }).indices(3));
  });

  it('deferred goes by the effective number from epoch 160, or as it is told', () => {
    const sampler = deferred(labels, { seed: 4 });
    expect(sampler.indices(159)).toEqual(instanceBalanced(labels, { seed: 4 }).indices(159));
    expect(sampler.indices(160)).toEqual(effectiveNumber(labels, { seed: 4 }).indices(160));
    const own = deferred(labels, { seed: 4, switchEpoch: 0, after: classBalanced });
    expect(own.indices(0)).toEqual(classBalanced(labels, { seed: 4 }).indices(0));
  });
});
