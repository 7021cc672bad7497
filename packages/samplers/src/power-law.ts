/**
 * The family of equation 1: p_c = n_c^q / sum_i n_i^q.
 * q = 1 is instance-balanced, q = 0 class-balanced, q = 1/2 square-root sampling (section 3).
 * With replacement, as the official MixedPrioritizedSampler (weight p_c / n_c an image), which trains its square-root
 * representation; its class-balanced one is trained by class-aware sampling.
 */
import { checkNumbers, checkOptions, type LabelList } from '@longtail/core';
import { powerLawProbabilities } from './class-law.ts';
import type { SamplerWithLaw } from './sampler.ts';
import { type WeightedOptions, weighted } from './weighted.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @param options.q 0..1
 * @throws InputError for bad labels or q out of range
 * @example
 * powerLaw(labels, { q: 0.25, seed: 0 }).probabilities(0); // p_c, shape [C]
 */
export function powerLaw(
  labels: LabelList,
  options: WeightedOptions & { q: number; name?: string },
): SamplerWithLaw {
  const { q } = checkOptions(options, { of: 'powerLaw' });
  checkNumbers({ q }, { least: 0, most: 1 });
  const { name = `power-law-${q}` } = options;
  return weighted(name, labels, { ...options, law: (counts) => powerLawProbabilities(counts, q) });
}

/** Every class alike, p_c = 1 / C (q = 0); rare images come again and again. Otherwise as {@link powerLaw}. */
export function classBalanced(labels: LabelList, options: WeightedOptions): SamplerWithLaw {
  return powerLaw(labels, { ...options, q: 0, name: 'class-balanced' });
}

/** Half way, p_c ~ sqrt(n_c) (q = 1/2). Otherwise as {@link powerLaw}. */
export function squareRoot(labels: LabelList, options: WeightedOptions): SamplerWithLaw {
  return powerLaw(labels, { ...options, q: 0.5, name: 'square-root' });
}
