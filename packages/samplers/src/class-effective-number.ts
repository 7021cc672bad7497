/**
 * Sampling by a class-based effective number of images (Li et al., CVPR 2022, "Gaussian clouded logit adjustment"), a beta for each class:
 *   E_c = (1 - beta_c^n_c) / (1 - beta_c),   beta_c = beta + spread d_c,   d_c = (log n_max - log n_c) / (log n_max - log n_min)
 * Each image has the weight 1 / E_c, with replacement. Reference: Keke921/GCLLoss, sampler.py, CBEffectNumSampler, whose d is 0 / 0 where
 * all classes have as many images; here it is 0.
 */
import { checkNumbers, checkOptions, extent, type LabelList } from '@longtail/core';
import { lawOf } from './class-law.ts';
import type { SamplerWithLaw } from './sampler.ts';
import { type WeightedOptions, weighted } from './weighted.ts';

export interface ClassEffectiveNumberOptions extends WeightedOptions {
  /** Of the largest class, 0 <= beta < 1. Default: 0.9999. */
  readonly beta?: number;
  /** By how much that of the rarest class is larger, so that it stays below 1. Default: 1e-5. */
  readonly spread?: number;
}

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @throws InputError for bad labels, or where beta + spread is not below 1
 * @example
 * classEffectiveNumber(labels, { seed: 0 });
 */
export function classEffectiveNumber(
  labels: LabelList,
  options: ClassEffectiveNumberOptions,
): SamplerWithLaw {
  const { beta = 0.9999, spread = 1e-5 } = checkOptions(options, { of: 'classEffectiveNumber' });
  checkNumbers({ beta, spread }, { least: 0, below: 1 });
  checkNumbers({ 'beta + spread': beta + spread }, { below: 1 });
  return weighted('class-effective-number', labels, {
    ...options,
    law: (counts) => {
      const [least, most] = extent(counts.filter((n) => n > 0)).map(Math.log) as [number, number];
      return lawOf(counts, (n) => {
        const b = beta + (most > least ? (spread * (most - Math.log(n))) / (most - least) : 0);
        return (n * (1 - b)) / -Math.expm1(n * Math.log(b));
      });
    },
  });
}
