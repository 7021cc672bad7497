/**
 * cRT, classifier re-training (section 4.1): the backbone is frozen, a NEW random linear head is learned with
 * class-balanced sampling. Official: 10 epochs (iNaturalist 30), rate 0.2 cosine, momentum 0.9, decay 5e-4, which are the
 * defaults; its cosine is that of `schedule: 'official'`.
 */
import { checkOptions } from '@longtail/core';
import { finished } from './from-joint.ts';
import type { FeatureBatches, Head } from './head.ts';
import { linearHead } from './linear.ts';
import type { TrainHeadOptions } from './train-head.ts';

/**
 * @param batches class-balanced features, epoch by epoch; each batch is disposed here
 * @returns a linear head
 * @throws InputError as linearHead and trainHead
 * @example
 * const head = await crt(classBalancedBatches, { featureDim: 64, numClasses: 10, seed: 0 });
 */
export async function crt(
  batches: FeatureBatches,
  options: { featureDim: number; numClasses: number; seed: number } & TrainHeadOptions,
): Promise<Head> {
  const { featureDim, numClasses, seed } = checkOptions(options, { of: 'crt' });
  return finished(linearHead({ featureDim, numClasses, seed, name: 'crt' }), batches, options);
}
