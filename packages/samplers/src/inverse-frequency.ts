/**
 * Inverse-frequency sampling: each IMAGE has the weight 1 / n_c, with replacement, as in
 * WeightedRandomSampler(1 / counts[labels]). A class's images weigh 1 together, so the class law is uniform, p_c = 1 / C:
 * that of class-balanced sampling, drawn from a stream of its own. (Weights 1 / n_c of the CLASSES are `reversed`.)
 */
import type { LabelList } from '@longtail/core';
import { lawOf } from './class-law.ts';
import type { SamplerWithLaw } from './sampler.ts';
import { type WeightedOptions, weighted } from './weighted.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @throws InputError for bad labels
 * @example
 * inverseFrequency([0, 0, 0, 1], { seed: 0 }).probabilities(0); // [0.5, 0.5]
 */
export function inverseFrequency(labels: LabelList, options: WeightedOptions): SamplerWithLaw {
  return weighted('inverse-frequency', labels, {
    ...options,
    law: (counts) => lawOf(counts, (n) => n * (1 / n)),
  });
}
