/**
 * Instance-balanced sampling: every image once an epoch, in random order; a class is seen with p_c = n_c / N
 * (section 3, q = 1).
 */
import { asLabels, random } from '@longtail/core';
import { checkEpoch, type Sampler, type SamplerOptions } from './sampler.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @throws InputError for bad labels
 * @example
 * instanceBalanced(labels, { seed: 0 }).indices(3); // the fourth epoch's order
 */
export function instanceBalanced(labels: ArrayLike<number>, { seed }: SamplerOptions): Sampler {
  const { length } = asLabels(labels);
  return {
    name: 'instance-balanced',
    length,
    indices(epoch) {
      checkEpoch(epoch);
      const order = Int32Array.from({ length }, (_, i) => i);
      return random(seed, 'instance-balanced', epoch).shuffle(order);
    },
  };
}
