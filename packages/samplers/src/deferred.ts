/**
 * Deferred re-sampling (DRS; Cao et al. 2019): natural sampling until the representation is there, then a
 * re-balanced one. LDAM's schedule switches at epoch 160 of 200; what it re-samples by is the effective number
 * (ImbalancedDatasetSampler). Each stage draws as it does by itself, without or with replacement.
 */
import {
  asLabels,
  checkFunctions,
  checkIntegers,
  checkOptions,
  checkStrings,
  InputError,
  type LabelList,
} from '@longtail/core';
import { effectiveNumber } from './effective-number.ts';
import { instanceBalanced } from './instance-balanced.ts';
import { checkEpoch, checkSampler, type SamplerOptions, type SamplerWithLaw } from './sampler.ts';

export type MakeSampler = (labels: ArrayLike<number>, options: SamplerOptions) => SamplerWithLaw;

export interface DeferredOptions extends SamplerOptions {
  /** The first epoch of the second stage, an integer >= 0. Default 160. */
  readonly switchEpoch?: number;
  readonly name?: string;
  /** Default {@link instanceBalanced}. */
  readonly before?: MakeSampler;
  /** Default {@link effectiveNumber}. */
  readonly after?: MakeSampler;
}

/**
 * @param labels class of each image, integers >= 0, shape [N]
 * @throws InputError for bad labels, a bad switchEpoch, or stages with epochs of different lengths
 * @example
 * deferred(labels, { switchEpoch: 160, after: classBalanced, seed: 0 });
 */
export function deferred(labels: LabelList, options: DeferredOptions): SamplerWithLaw {
  const {
    seed,
    switchEpoch = 160,
    name = 'deferred',
    before = instanceBalanced,
    after = effectiveNumber,
  } = checkOptions(options, { of: 'deferred' });
  checkIntegers({ switchEpoch }, { least: 0 });
  checkStrings({ name });
  checkFunctions({ before, after });
  const checked = asLabels(labels);
  const [first, second] = [before(checked, { seed }), after(checked, { seed })];
  checkSampler(first);
  checkSampler(second);
  if (first.length !== second.length)
    throw new InputError(
      `both stages must have epochs of one length, but ${first.name} has ${first.length} and ${second.name} ${second.length}.`,
      { before: first.length, after: second.length },
    );
  const stage = (epoch: number) => {
    checkEpoch(epoch);
    return epoch < switchEpoch ? first : second;
  };
  return {
    name,
    length: first.length,
    probabilities: (epoch) => stage(epoch).probabilities(epoch),
    indices: (epoch) => stage(epoch).indices(epoch),
  };
}
