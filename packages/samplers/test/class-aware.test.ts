import { readFileSync } from 'node:fs';
import { groupByClass, InputError } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visit } from '../src/class-aware.ts';
import { classAware } from '../src/index.ts';

interface Case {
  readonly labels: number[];
  readonly samplesPerClass: number;
  readonly seed: number;
  readonly batch: number;
  readonly officialLength: number;
  readonly cutLength: number;
  readonly indices: number[];
}

/** The stream of golden/class-aware.py. */
function shuffleBy(seed: number): (items: Int32Array) => void {
  let x = seed;
  return (items) => {
    for (let i = items.length - 1; i > 0; i--) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      const j = x % (i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
  };
}

describe('the official sampler, given its stream', () => {
  const cases: Case[] = JSON.parse(readFileSync(new URL('golden/class-aware.json', import.meta.url), 'utf8'));
  it.each(cases)('visits alike: $labels.length images, $samplesPerClass a visit', (expected) => {
    const { labels, samplesPerClass, seed, officialLength: length } = expected;
    const shuffle = shuffleBy(seed);
    const indices = visit(groupByClass(labels), {
      length,
      samplesPerClass,
      shuffleClasses: shuffle,
      shuffleImages: shuffle,
    });
    expect([...indices]).toEqual(expected.indices);
  });

  it.each(cases)('has its length, and its cut: batches of $batch', ({ labels, ...expected }) => {
    const official = classAware(labels, { seed: 0, length: 'official' });
    expect(official.length).toBe(expected.officialLength);
    const cut = classAware(labels, { seed: 0, length: 'official', cutAtBatch: expected.batch });
    expect(cut.length).toBe(expected.cutLength);
    expect(cut.indices(1)).toEqual(official.indices(1).subarray(0, cut.length));
  });
});

describe('class-aware', () => {
  const labelLists = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 300 });

  it('visits every class once a round, and uses all images of a class before any comes again', () => {
    fc.assert(
      fc.property(labelLists, fc.integer({ min: 1, max: 5 }), (labels, samplesPerClass) => {
        const present = new Set(labels).size;
        const indices = classAware(labels, {
          seed: 3,
          samplesPerClass,
          length: 3 * present * samplesPerClass,
        }).indices(0);
        const visits = [...indices].filter((_, i) => i % samplesPerClass === 0).map((i) => labels[i]!);
        for (let round = 0; round < 3; round++)
          expect(new Set(visits.slice(round * present, (round + 1) * present)).size).toBe(present);
        for (const c of new Set(labels)) {
          const own = [...indices].filter((i) => labels[i] === c);
          const n = labels.filter((label) => label === c).length;
          for (let start = 0; start + n <= own.length; start += n)
            expect(new Set(own.slice(start, start + n)).size).toBe(n);
        }
      }),
    );
  });

  it('refuses a wrong visit, length or cut', () => {
    const make = (options: object) => () => classAware([0, 1], { seed: 0, ...options });
    expect(make({ samplesPerClass: 0 })).toThrow('samplesPerClass must be an integer >= 1, but it is 0.');
    expect(make({ length: 0.5 })).toThrow('length must be an integer from 1 to 2147483647, but it is 0.5.');
    expect(make({ cutAtBatch: Number.NaN })).toThrow(InputError);
    expect(make({ cutAtBatch: 3 })).toThrow('cutAtBatch must be at most the 2 images');
  });
});
