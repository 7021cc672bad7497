/** The conformance suite of samplers: run it on one of your own, with vitest. */
import { InputError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import type { Sampler } from './sampler.ts';

const LABEL_LISTS: Record<string, number[]> = {
  'a long tail': [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3],
  'one image': [0],
  'one class': [0, 0, 0, 0],
  'gaps in the labels': [5, 1, 1, 9, 1],
};

/**
 * @param name of the sampler, for the report
 * @param make the sampler of some labels
 * @param options.skip checks that do not apply, by name, each with its reason
 * @example
 * describeSampler('mine', (labels, seed) => mine(labels, { seed }));
 */
export function describeSampler(
  name: string,
  make: (labels: number[], seed: number) => Sampler,
  { skip = {} }: { skip?: Record<string, string> } = {},
): void {
  const check = (title: string, run: () => void) => {
    const reason = skip[title];
    if (reason) console.warn(`${name}: skipped "${title}": ${reason}`);
    it.skipIf(Boolean(reason))(title, run);
  };
  describe(`sampler ${name}`, () => {
    for (const [title, labels] of Object.entries(LABEL_LISTS)) {
      check(`${title}: gives length indices in range`, () => {
        const sampler = make(labels, 0);
        const indices = sampler.indices(0);
        expect(indices).toBeInstanceOf(Int32Array);
        expect(indices.length).toBe(sampler.length);
        for (const i of indices) expect(i >= 0 && i < labels.length).toBe(true);
      });
    }
    const labels = Array.from({ length: 200 }, (_, i) => Math.floor(Math.sqrt(i)));
    check('is a pure function of (seed, epoch)', () => {
      const [sampler, other] = [make(labels, 7), make(labels, 7)];
      const first = sampler.indices(1);
      sampler.indices(0).fill(0);
      expect(sampler.indices(1)).toEqual(first);
      expect(other.indices(1)).toEqual(first);
    });
    check('differs between epochs and between seeds', () => {
      expect(make(labels, 0).indices(0)).not.toEqual(make(labels, 0).indices(1));
      expect(make(labels, 0).indices(0)).not.toEqual(make(labels, 1).indices(0));
    });
    check('leaves the labels alone', () => {
      const own = [...labels];
      make(own, 0).indices(0);
      expect(own).toEqual(labels);
    });
    check('refuses bad labels and epochs with an InputError', () => {
      for (const bad of [[], [-1], [0.5], [Number.NaN]]) expect(() => make(bad, 0)).toThrow(InputError);
      for (const epoch of [-1, 0.5, Number.NaN])
        expect(() => make(labels, 0).indices(epoch)).toThrow(InputError);
    });
  });
}
