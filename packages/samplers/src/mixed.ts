/**
 * The mixed, two-step schedule of earlier work (section 3): instance-balanced, then class-balanced from `switchEpoch`
 * on. Each stage draws as it does by itself: every image once an epoch, then with replacement.
 */
import { checkIntegers, checkOptions, type LabelList } from '@longtail/core';
import { deferred } from './deferred.ts';
import { instanceBalanced } from './instance-balanced.ts';
import { classBalanced } from './power-law.ts';
import type { SamplerOptions, SamplerWithLaw } from './sampler.ts';

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @param options.switchEpoch the first class-balanced epoch, an integer >= 0
 * @throws InputError for bad labels or switchEpoch
 * @example
 * mixed(labels, { switchEpoch: 80, seed: 0 });
 */
export function mixed(labels: LabelList, options: SamplerOptions & { switchEpoch: number }): SamplerWithLaw {
  const { switchEpoch, seed } = checkOptions(options, { of: 'mixed' });
  checkIntegers({ switchEpoch }, { least: 0 });
  return deferred(labels, {
    name: 'mixed',
    seed,
    switchEpoch,
    before: instanceBalanced,
    after: classBalanced,
  });
}
