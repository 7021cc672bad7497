/**
 * Progressively-balanced sampling (equation 2): from instance-balanced to class-balanced over E epochs,
 * p_c(e) = (1 - t) n_c / N + t / C.
 */
import { InputError } from '@longtail/core';
import type { SamplerOptions, WeightedSampler } from './sampler.ts';
import { powerLawProbabilities, weighted } from './weighted.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @param options.epochs E, an integer >= 1; an epoch beyond E - 1 is refused
 * @param options.schedule 'paper': t = e / E. 'official': t = linspace(0, 1, E)[e], so that the last epoch of the
 *   official code is fully class-balanced
 * @throws InputError for bad labels or epochs
 */
export function progressivelyBalanced(
  labels: ArrayLike<number>,
  { epochs, seed, schedule = 'paper' }: SamplerOptions & { epochs: number; schedule?: 'paper' | 'official' },
): WeightedSampler {
  if (!Number.isInteger(epochs) || epochs < 1)
    throw new InputError(`epochs must be an integer >= 1, but it is ${epochs}.`, { epochs });
  return weighted('progressively-balanced', labels, {
    seed,
    epochs,
    probabilities(epoch, counts) {
      const t = schedule === 'paper' ? epoch / epochs : epoch / Math.max(1, epochs - 1);
      const balanced = powerLawProbabilities(counts, 0);
      return powerLawProbabilities(counts, 1).map((p, c) => (1 - t) * p + t * balanced[c]!);
    },
  });
}
