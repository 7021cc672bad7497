/**
 * The family of equation 1: p_c = n_c^q / sum_i n_i^q.
 * q = 1 is instance-balanced, q = 0 class-balanced, q = 1/2 square-root sampling (section 3).
 */
import { InputError } from '@longtail/core';
import type { SamplerOptions, WeightedSampler } from './sampler.ts';
import { powerLawProbabilities, weighted } from './weighted.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @param options.q 0..1
 * @throws InputError for bad labels or q out of range
 */
export function powerLaw(
  labels: ArrayLike<number>,
  { q, seed, name = `power-law-${q}` }: SamplerOptions & { q: number; name?: string },
): WeightedSampler {
  if (!(q >= 0 && q <= 1)) throw new InputError(`q must be from 0 to 1, but it is ${q}.`, { q });
  return weighted(name, labels, { seed, probabilities: (_, counts) => powerLawProbabilities(counts, q) });
}

/** Every class alike, p_c = 1 / C (q = 0); rare images come again and again. */
export function classBalanced(labels: ArrayLike<number>, { seed }: SamplerOptions): WeightedSampler {
  return powerLaw(labels, { q: 0, seed, name: 'class-balanced' });
}

/** Half way, p_c ~ sqrt(n_c) (q = 1/2). */
export function squareRoot(labels: ArrayLike<number>, { seed }: SamplerOptions): WeightedSampler {
  return powerLaw(labels, { q: 0.5, seed, name: 'square-root' });
}
