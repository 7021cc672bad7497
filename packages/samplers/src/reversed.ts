/**
 * Reversed sampling, of BBN's re-balancing branch (Zhou et al. 2020, section 4.2): CLASS weights w_c = n_max / n_c, so
 * p_c ~ 1 / n_c: the rarest class comes most. A class, then one of its images, both with replacement, as in BBN's code
 * (sample_class_index_by_weight, random.choice).
 */
import type { LabelList } from '@longtail/core';
import { lawOf } from './class-law.ts';
import type { SamplerWithLaw } from './sampler.ts';
import { type WeightedOptions, weighted } from './weighted.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @throws InputError for bad labels
 * @example
 * reversed([0, 0, 0, 1], { seed: 0 }).probabilities(0); // [0.25, 0.75]
 */
export function reversed(labels: LabelList, options: WeightedOptions): SamplerWithLaw {
  return weighted('reversed', labels, { ...options, law: (counts) => lawOf(counts, (n) => 1 / n) });
}
