import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { classCounts, InputError } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classAware,
  classBalanced,
  instanceBalanced,
  powerLaw,
  progressivelyBalanced,
  type SamplerWithLaw,
  squareRoot,
} from '../src/index.ts';

const labelLists = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 300 });
/** CIFAR-10-LT, imbalance factor 100. */
const COUNTS = [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50];
const LABELS = COUNTS.flatMap((n, c) => Array<number>(n).fill(c));

/** Wilson-Hilferty: the z-score of a chi-square statistic; beyond 4.3 with p < 1e-5. */
function chiSquareZ(labels: ArrayLike<number>, sampler: SamplerWithLaw, epoch: number): number {
  const law = sampler.probabilities(epoch);
  const drawn = classCounts(
    Array.from(sampler.indices(epoch), (i) => labels[i]!),
    { numClasses: law.length },
  );
  const statistic = law.reduce(
    (sum, p, c) => sum + (p ? (drawn[c]! - p * sampler.length) ** 2 / (p * sampler.length) : drawn[c]! * 1e9),
    0,
  );
  const freedom = law.filter((p) => p > 0).length - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
}

describe('class laws', () => {
  const all: [string, SamplerWithLaw][] = [
    ['class-balanced', classBalanced(LABELS, { seed: 1 })],
    ['square-root', squareRoot(LABELS, { seed: 1 })],
    ['q = 0.8', powerLaw(LABELS, { q: 0.8, seed: 1 })],
    ['progressively-balanced', progressivelyBalanced(LABELS, { epochs: 5, seed: 1 })],
  ];
  it.each(all)('%s draws by its own probabilities (chi-square, p > 1e-5, CIFAR-10-LT)', (_, sampler) => {
    for (const epoch of [0, 2, 4]) expect(Math.abs(chiSquareZ(LABELS, sampler, epoch))).toBeLessThan(4.3);
  });

  it('holds on the real profile of Places-LT', (context) => {
    const list = gunzipSync(
      readFileSync(sharedOrSkip(context, 'data/places-lt/Places_LT_train.txt.gz')),
    ).toString();
    const labels = list
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]));
    for (const sampler of [classBalanced(labels, { seed: 0 }), squareRoot(labels, { seed: 0 })])
      expect(Math.abs(chiSquareZ(labels, sampler, 0))).toBeLessThan(4.3);
  });

  it('follows equation 1, and equation 2 from end to end', () => {
    const [n, total] = [COUNTS[0]!, LABELS.length];
    expect(classBalanced(LABELS, { seed: 0 }).probabilities(0)[0]).toBeCloseTo(1 / 10, 12);
    const roots = COUNTS.reduce((sum, count) => sum + Math.sqrt(count), 0);
    expect(squareRoot(LABELS, { seed: 0 }).probabilities(0)[0]).toBeCloseTo(Math.sqrt(n) / roots, 12);
    const paper = progressivelyBalanced(LABELS, { epochs: 4, seed: 0 });
    const official = progressivelyBalanced(LABELS, { epochs: 4, seed: 0, schedule: 'official' });
    expect(paper.probabilities(0)[0]).toBeCloseTo(n / total, 12);
    expect(paper.probabilities(3)[0]).toBeCloseTo(0.25 * (n / total) + 0.75 / 10, 12);
    expect(official.probabilities(3)[0]).toBeCloseTo(1 / 10, 12);
    expect(() => paper.indices(4)).toThrow('an epoch must be an integer from 0 to 3, but it is 4.');
  });

  it('never draws a class without images', () => {
    fc.assert(
      fc.property(labelLists, fc.double({ min: 0, max: 1, noNaN: true }), (labels, q) => {
        const counts = classCounts(labels);
        powerLaw(labels, { q, seed: 0 })
          .probabilities(0)
          .forEach((p, c) => {
            expect(p > 0).toBe(counts[c]! > 0);
          });
      }),
    );
  });
});

it('instance-balanced shows every image once', () => {
  fc.assert(
    fc.property(labelLists, fc.integer(), (labels, seed) => {
      expect([...instanceBalanced(labels, { seed }).indices(0)].sort((a, b) => a - b)).toEqual(
        labels.map((_, i) => i),
      );
    }),
  );
});

describe('class-aware', () => {
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

  it('refuses a wrong visit or length', () => {
    expect(() => classAware([0, 1], { seed: 0, samplesPerClass: 0 })).toThrow(InputError);
    expect(() => classAware([0, 1], { seed: 0, length: 0.5 })).toThrow(InputError);
  });
});
