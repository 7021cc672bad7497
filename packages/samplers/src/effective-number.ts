/**
 * Sampling by the effective number of images, E_n = (1 - beta^n) / (1 - beta) (Cui et al. 2019, proposition 1): each IMAGE
 * has the weight 1 / E_(n_c), with replacement, as ImbalancedDatasetSampler of the LDAM-DRW code (utils.py). A class's law
 * is then p_c ~ n_c (1 - beta) / (1 - beta^(n_c)): instance-balanced at beta 0, class-balanced as beta goes to 1.
 */
import { checkNumbers, checkOptions, type LabelList } from '@longtail/core';
import { lawOf } from './class-law.ts';
import type { SamplerWithLaw } from './sampler.ts';
import { type WeightedOptions, weighted } from './weighted.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @param options.beta 0 <= beta < 1 (LDAM-DRW: .9999)
 * @throws InputError for bad labels or beta out of range
 * @example
 * effectiveNumber(labels, { beta: 0.999, seed: 0 });
 */
export function effectiveNumber(
  labels: LabelList,
  options: WeightedOptions & { beta?: number },
): SamplerWithLaw {
  const { beta = 0.9999 } = checkOptions(options, { of: 'effectiveNumber' });
  checkNumbers({ beta }, { least: 0, below: 1 });
  // 1 - beta^n, whose difference would lose all digits as beta nears 1.
  const complement = (n: number) => -Math.expm1(n * Math.log(beta));
  return weighted('effective-number', labels, {
    ...options,
    law: (counts) => lawOf(counts, (n) => (n * (1 - beta)) / complement(n)),
  });
}
