/**
 * Sampling by weights of your own. Of the classes: p_c = w_c / sum_i w_i over those with images, an image has p_c / n_c. Of the
 * images: p_i = w_i / sum_j w_j, as PyTorch's WeightedRandomSampler. Both with replacement, or without.
 */
import {
  asLabels,
  type ClassGroups,
  checkOneOf,
  checkOptions,
  checkStrings,
  checkWeights,
  groupByClass,
  InputError,
  type LabelList,
} from '@longtail/core';
import { normalised } from './class-law.ts';
import { drawnApart } from './draw-apart.ts';
import { checkEpoch, type Sampler, type SamplerWithLaw } from './sampler.ts';
import { type WeightedOptions, weighted } from './weighted.ts';

/** w_c of each class, shape [C]; or a function that gives them from the counts n_c, shape [C], and the epoch. */
export type ClassWeights = ArrayLike<number> | ((counts: Int32Array, epoch: number) => ArrayLike<number>);

/** Weights are finite and >= 0, in any unit. One of the two is to be given. */
export interface WeightedByOptions extends WeightedOptions {
  /** The weight of a class without images is not used. */
  readonly classWeights?: ClassWeights;
  /** w_i of each image, shape [N]. */
  readonly sampleWeights?: ArrayLike<number>;
  /** false: no image twice in an epoch, each draw by the weights of the images that are left. Default true. */
  readonly replacement?: boolean;
  /** Names the random stream, too: samplers of one name and seed draw alike. Default 'weighted'. */
  readonly name?: string;
}

/**
 * Without replacement the share of a class has no closed form, so that sampler has no `probabilities`.
 *
 * @param labels class of each image, integers >= 0, shape [N]; C is the largest + 1
 * @throws InputError for bad labels; for weights that are negative, infinite, NaN, of another number, or all 0; for a length
 *   beyond the images of a weight above 0 without replacement. Weights of a function are checked at epoch 0, and at each epoch
 * @example
 * weightedBy(labels, { classWeights: [1, 1, 5], seed: 0 });
 * weightedBy(labels, { classWeights: (counts) => Array.from(counts, (n) => Math.log(1 + n)), seed: 0 });
 * weightedBy(labels, { sampleWeights: difficulty, length: 1000, replacement: false, seed: 0 });
 */
export function weightedBy(labels: LabelList, options: WeightedByOptions & { replacement: false }): Sampler;
export function weightedBy(
  labels: LabelList,
  options: WeightedByOptions & { replacement?: true },
): SamplerWithLaw;
export function weightedBy(labels: LabelList, options: WeightedByOptions): Sampler {
  const {
    classWeights,
    sampleWeights,
    replacement = true,
    images,
  } = checkOptions(options, { of: 'weightedBy' });
  const { name = 'weighted' } = options;
  checkOneOf({ replacement }, [true, false]);
  checkStrings({ name });
  if ((classWeights === undefined) === (sampleWeights === undefined))
    throw new InputError(
      'weightedBy must have either classWeights, one a class, or sampleWeights, one an image, but not both, and not neither.',
    );
  if (images !== undefined && (sampleWeights || !replacement))
    throw new InputError('images is for draws of classes with replacement; leave it out.', { images });
  if (replacement && sampleWeights) return byImage(name, labels, { ...options, sampleWeights });
  const groups = groupByClass(labels);
  const byClass = (): Law => classLaw(classWeights!, groups);
  if (replacement) return weighted(name, labels, { ...options, law: byClass });
  const weights = sampleWeights ? imageWeights(sampleWeights, groups) : ofImages(byClass(), groups);
  return drawnApart(name, weights, options);
}

type Law = Float64Array | ((epoch: number) => Float64Array);

function classLaw(weights: ClassWeights, { counts, order }: ClassGroups): Law {
  const lawOf = (given: ArrayLike<number>): Float64Array => {
    checkWeights({ classWeights: given }, { count: counts.length, of: 'classes', images: order.length });
    return normalised(Float64Array.from(counts, (n, c) => (n === 0 ? 0 : given[c]!)));
  };
  if (typeof weights !== 'function') return lawOf(weights);
  const lawAt = (epoch: number): Float64Array => lawOf(weights(counts.slice(), epoch));
  lawAt(0);
  return lawAt;
}

function imageWeights(given: ArrayLike<number>, { order: { length } }: ClassGroups): Float64Array {
  checkWeights({ sampleWeights: given }, { count: length, of: 'images' });
  return Float64Array.from(given);
}

/** p_c / n_c. */
function ofImages(law: Law, { counts, offsets, order }: ClassGroups): Law {
  const spread = (p: Float64Array): Float64Array => {
    const weights = new Float64Array(order.length);
    for (let c = 0; c < counts.length; c++)
      for (let at = offsets[c]!; at < offsets[c + 1]!; at++) weights[order[at]!] = p[c]! / counts[c]!;
    return weights;
  };
  return typeof law === 'function' ? (epoch) => spread(law(epoch)) : spread(law);
}

/** Each image as a class of its own; the law is that of the classes. */
function byImage(
  name: string,
  labels: LabelList,
  { sampleWeights, ...options }: WeightedOptions & { sampleWeights: ArrayLike<number> },
): SamplerWithLaw {
  const groups = groupByClass(labels);
  const law = normalised(imageWeights(sampleWeights, groups), { over: 'images' });
  const drawn = weighted(name, Int32Array.from(law.keys()), { ...options, law: () => law });
  const ofClasses = new Float64Array(groups.counts.length);
  asLabels(labels).forEach((c, i) => {
    ofClasses[c]! += law[i]!;
  });
  return {
    ...drawn,
    probabilities(epoch) {
      checkEpoch(epoch);
      return ofClasses.slice();
    },
  };
}
