/**
 * Instance-balanced sampling: every image once an epoch, in random order; a class is seen with p_c = n_c / N
 * (section 3, q = 1). Without replacement, as the official code's DataLoader(shuffle=True).
 */
import { checkOptions, classCounts, type LabelList, random } from '@longtail/core';
import { powerLawProbabilities } from './class-law.ts';
import { checkEpoch, checkSeed, type SamplerOptions, type SamplerWithLaw } from './sampler.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @throws InputError for bad labels or a bad seed
 * @example
 * instanceBalanced(labels, { seed: 0 }).indices(3); // the fourth epoch's order
 */
export function instanceBalanced(labels: LabelList, options: SamplerOptions): SamplerWithLaw {
  const { seed } = checkOptions(options, { of: 'instanceBalanced' });
  checkSeed(seed);
  const counts = classCounts(labels);
  const { length } = labels;
  return {
    name: 'instance-balanced',
    length,
    probabilities(epoch) {
      checkEpoch(epoch);
      return powerLawProbabilities(counts, 1);
    },
    indices(epoch) {
      checkEpoch(epoch);
      const order = new Int32Array(length);
      for (let i = 0; i < length; i++) order[i] = i;
      return random(seed, 'instance-balanced', epoch).shuffle(order);
    },
  };
}
