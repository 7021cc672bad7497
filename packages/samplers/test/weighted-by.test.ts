import { InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { classBalanced, type Sampler, weightedBy } from '../src/index.ts';
import { chiSquareZ, SIGNIFICANT } from './chi-square.ts';

const labels = [0, 0, 0, 1, 1, 2];
const seed = 0;

describe('weights', () => {
  it('are of classes or of images, by name: as many as there are, and never both', () => {
    const refuses = (options: object, message: string) => {
      const make = () => weightedBy(labels, { seed, ...options });
      expect(make).toThrow(InputError);
      expect(make).toThrow(message);
    };
    refuses(
      { classWeights: labels.map(() => 1) },
      'each of the 3 classes, but there are 6; for one an image take sampleWeights.',
    );
    refuses({ classWeights: [1, 1, 1, 1] }, 'each of the 3 classes, but there are 4.');
    refuses(
      { sampleWeights: [1, 1, 1] },
      'sampleWeights must hold a weight for each of the 6 images, but there are 3.',
    );
    refuses({ sampleWeights: [1, 1, 1, 1, 1, Number.NaN] }, 'but sampleWeights[5] is NaN.');
    refuses(
      { sampleWeights: [0, 0, 0, 0, 0, 0] },
      'the weights of the images must have a positive, finite sum',
    );
    refuses({ weights: [1, 1, 1] }, 'either classWeights, one a class, or sampleWeights, one an image');
    refuses({ classWeights: [1, 1, 1], sampleWeights: labels }, 'but not both');
    refuses({ sampleWeights: labels, images: 'cycled' }, 'leave it out');
    refuses({ classWeights: [1, 1, 1], length: 0 }, 'length must be an integer from 1');
    refuses(
      { classWeights: [1, 1, 1], replacement: 'no' },
      'replacement must be one of true, false, but it is "no".',
    );
    refuses(
      { sampleWeights: [1, 0, 0, 0, 0, 1], replacement: false, length: 3 },
      'at most the 2 images of a weight above 0',
    );
    refuses({ classWeights: [1, 0, 0], replacement: false }, 'at most the 3 images of a weight above 0');
  });

  it('of images draw each by its own, with the law of its class', () => {
    const sampleWeights = [1, 2, 3, 0, 4, 10];
    const sampler = weightedBy(labels, { sampleWeights, length: 50_000, seed });
    const shares = sampler.probabilities(0);
    [6 / 20, 4 / 20, 10 / 20].forEach((p, c) => expect(shares[c]).toBeCloseTo(p, 12));
    const seen = new Float64Array(6);
    for (const i of sampler.indices(3)) seen[i]! += 1;
    expect(
      Math.abs(
        chiSquareZ(
          seen,
          sampleWeights.map((w) => w / 20),
        ),
      ),
    ).toBeLessThan(SIGNIFICANT);
    expect(seen[3]).toBe(0);
  });

  it('draw as many as are asked for', () => {
    expect(weightedBy(labels, { classWeights: [1, 1, 1], length: 17, seed }).indices(0)).toHaveLength(17);
    expect(classBalanced(labels, { length: 4, seed }).indices(0)).toEqual(
      classBalanced(labels, { seed }).indices(0).slice(0, 4),
    );
  });
});

describe('without replacement', () => {
  /** The chance of each ordered pair: the first by all weights, the second by what is left of them. */
  const pairs = (weights: readonly number[]): [pair: string, p: number][] => {
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.flatMap((w, i) =>
      weights.flatMap((v, j): [string, number][] =>
        i === j ? [] : [[`${i},${j}`, (w / sum) * (v / (sum - w))]],
      ),
    );
  };
  const expectPairs = (make: (seed: number) => Sampler, weights: readonly number[]) => {
    const seen = new Map<string, number>();
    for (let s = 0; s < 400; s++)
      for (let epoch = 0; epoch < 50; epoch++) {
        const pair = make(s).indices(epoch).join();
        seen.set(pair, (seen.get(pair) ?? 0) + 1);
      }
    const law = pairs(weights);
    const counts = Float64Array.from(law, ([pair]) => seen.get(pair) ?? 0);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(20_000);
    expect(
      Math.abs(
        chiSquareZ(
          counts,
          law.map(([, p]) => p),
        ),
      ),
    ).toBeLessThan(SIGNIFICANT);
  };

  it('each draw goes by the weights that are left, in order, as torch.multinomial', () => {
    const sampleWeights = [1, 2, 3, 10];
    const make = (s: number) =>
      weightedBy([0, 0, 1, 1], { sampleWeights, length: 2, replacement: false, seed: s });
    expectPairs(make, sampleWeights);
  });

  it("a class's weight is shared by its images", () => {
    const classWeights = [6, 1];
    const make = (s: number) =>
      weightedBy([0, 0, 0, 1], { classWeights, length: 2, replacement: false, seed: s });
    expectPairs(make, [2, 2, 2, 1]);
  });

  it('an epoch of all is each image once, and one of some no image twice', () => {
    const all = weightedBy(labels, { classWeights: (n) => n.map((m) => m * m), replacement: false, seed });
    expect([...all.indices(2)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect('probabilities' in all).toBe(false);
    const sampleWeights = Float64Array.from({ length: 1000 }, (_, i) =>
      i % 3 === 0 ? 0 : 10 ** ((i % 600) - 300),
    );
    const some = weightedBy(new Int32Array(1000), { sampleWeights, length: 600, replacement: false, seed });
    const drawn = some.indices(0);
    expect(new Set(drawn).size).toBe(600);
    for (const i of drawn) expect(i % 3).not.toBe(0);
  });

  it('weights of a function are those of the epoch', () => {
    const classWeights = (_: Int32Array, epoch: number) => [epoch === 0 ? 1 : 0, 1, 1];
    const fading = weightedBy(labels, { classWeights, length: 3, replacement: false, seed });
    expect([...fading.indices(1)].sort()).toEqual([3, 4, 5]);
    expect(() => fading.indices(-1)).toThrow(InputError);
  });
});
