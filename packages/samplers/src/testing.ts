/** The conformance suite of samplers: run it on one of your own, with vitest. */
import { classCounts, InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { indicesOf, type Sampler, type SamplerWithLaw } from './sampler.ts';

const LABEL_LISTS: Record<string, number[]> = {
  'a long tail': [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3],
  'one image': [0],
  'one class': [0, 0, 0, 0],
  'one image a class': [2, 0, 1],
  'gaps in the labels': [5, 1, 1, 9, 1],
};
/** 200 images of 15 classes, 1 to 27 of each. */
const LABELS = Array.from({ length: 200 }, (_, i) => Math.floor(Math.sqrt(i)));
const BAD_LABELS = [[], [-1], [0.5], [Number.NaN], [0, 1, -1]];

type Make = (labels: number[], seed: number) => Sampler | SamplerWithLaw;

/** As batchSampler and the benchmark ask for them: as many as it says, at least one, each a position. */
function expectIndices(sampler: Sampler, images: number): void {
  for (const epoch of [0, 1, 5]) indicesOf(sampler, { epoch, images });
}

/** p_c >= 0 sum to 1, and are 0 just where a class has no image, or is not wanted. */
function expectProbabilities(sampler: SamplerWithLaw, labels: number[]): void {
  const counts = classCounts(labels);
  const law = sampler.probabilities(0);
  expect(law.length).toBe(counts.length);
  expect(Math.abs(law.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-9);
  law.forEach((p, c) => {
    expect(p >= 0 && (p === 0 || counts[c]! > 0)).toBe(true);
  });
}

/** Each class's share of 40 seeds' epochs, within 6 standard deviations of draws by the law (p < 1e-8 a class). */
function expectDrawsByLaw(make: Make): void {
  const seen = new Float64Array(LABELS.at(-1)! + 1);
  let draws = 0;
  for (let seed = 0; seed < 40; seed++)
    for (const i of make(LABELS, seed).indices(0)) {
      seen[LABELS[i]!]! += 1;
      draws += 1;
    }
  (make(LABELS, 0) as SamplerWithLaw).probabilities(0).forEach((p, c) => {
    const spread = Math.sqrt(p * (1 - p) * draws);
    expect(Math.abs(seen[c]! - p * draws)).toBeLessThanOrEqual(6 * spread);
  });
}

/**
 * @param name of the sampler, for the report
 * @param make the sampler of some labels; if it has `probabilities`, its draws are held against them
 * @param options.skip checks that do not apply, by name, each with its reason
 * @example
 * describeSampler('mine', (labels, seed) => mine(labels, { seed }));
 */
export function describeSampler(
  name: string,
  make: Make,
  { skip = {} }: { skip?: Record<string, string> } = {},
): void {
  const check = (title: string, run: () => void) => {
    const reason = skip[title];
    if (reason) console.warn(`${name}: skipped "${title}": ${reason}`);
    it.skipIf(Boolean(reason))(title, run);
  };
  const epoch = (seed: number, number: number) => make(LABELS, seed).indices(number);
  describe(`sampler ${name}`, () => {
    for (const [title, labels] of Object.entries(LABEL_LISTS)) {
      check(`${title}: gives length indices in range`, () => expectIndices(make(labels, 0), labels.length));
      if ('probabilities' in make(labels, 0))
        check(`${title}: has a class law`, () =>
          expectProbabilities(make(labels, 0) as SamplerWithLaw, labels),
        );
    }
    if ('probabilities' in make(LABELS, 0)) check('draws by its class law', () => expectDrawsByLaw(make));
    check('is a pure function of (seed, epoch)', () => {
      const sampler = make(LABELS, 7);
      const first = sampler.indices(1).slice();
      sampler.indices(0).fill(0);
      sampler.indices(1).fill(0);
      expect(sampler.indices(1)).toEqual(first);
      expect(epoch(7, 1)).toEqual(first);
    });
    check('differs between epochs and between seeds', () => {
      expect(epoch(0, 0)).not.toEqual(epoch(0, 1));
      expect(epoch(0, 0)).not.toEqual(epoch(1, 0));
    });
    check('leaves the labels alone', () => {
      const own = [...LABELS];
      make(own, 0).indices(0);
      expect(own).toEqual(LABELS);
    });
    check('refuses bad labels, epochs and seeds with an InputError', () => {
      for (const bad of BAD_LABELS) expect(() => make(bad, 0)).toThrow(InputError);
      for (const bad of [-1, 0.5, Number.NaN]) expect(() => epoch(0, bad)).toThrow(InputError);
      for (const bad of [0.5, Number.NaN]) expect(() => epoch(bad, 0)).toThrow(InputError);
    });
  });
}
