/**
 * Progressively-balanced sampling (equation 2): from instance-balanced to class-balanced over E epochs,
 * p_c(e) = (1 - t) n_c / N + t / C. Classes with replacement; the official ClassPrioritySampler (cycle 0) cycles each
 * class's images, here `images: 'cycled'` (there a cycle goes on through the epochs).
 */
import { checkIntegers, checkOneOf, checkOptions, type LabelList } from '@longtail/core';
import { powerLawProbabilities } from './class-law.ts';
import type { SamplerWithLaw } from './sampler.ts';
import { type WeightedOptions, weighted } from './weighted.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @param options.epochs E, an integer >= 1; an epoch beyond E - 1 is refused
 * @param options.schedule 'paper': t = e / E. 'official': t = linspace(0, 1, E)[e], so that the last epoch of the
 *   official code is fully class-balanced
 * @throws InputError for bad labels or epochs
 * @example
 * progressivelyBalanced(labels, { epochs: 90, schedule: 'official', images: 'cycled', seed: 0 });
 */
export function progressivelyBalanced(
  labels: LabelList,
  options: WeightedOptions & { epochs: number; schedule?: 'paper' | 'official' },
): SamplerWithLaw {
  const { epochs, schedule = 'paper' } = checkOptions(options, { of: 'progressivelyBalanced' });
  checkIntegers({ epochs });
  checkOneOf({ schedule }, ['paper', 'official']);
  return weighted('progressively-balanced', labels, {
    ...options,
    law(counts) {
      const natural = powerLawProbabilities(counts, 1);
      const balanced = powerLawProbabilities(counts, 0);
      return (epoch) => {
        const t = schedule === 'paper' ? epoch / epochs : epoch / Math.max(1, epochs - 1);
        return natural.map((p, c) => (1 - t) * p + t * balanced[c]!);
      };
    },
  });
}
