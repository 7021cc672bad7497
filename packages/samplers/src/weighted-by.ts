/** Sampling by class weights of your own: p_c = w_c / sum_i w_i over the classes with images. */
import { InputError } from '@longtail/core';
import { normalised } from './class-law.ts';
import type { SamplerWithLaw } from './sampler.ts';
import { type WeightedOptions, weighted } from './weighted.ts';

function checkWeights(weights: ArrayLike<number>, numClasses: number): void {
  if (weights.length < numClasses)
    throw new InputError(
      `weights must hold a weight for each of the ${numClasses} classes, but there are ${weights.length}.`,
      { weights: weights.length, numClasses },
    );
  for (let c = 0; c < weights.length; c++)
    if (!(weights[c]! >= 0 && weights[c]! < Number.POSITIVE_INFINITY))
      throw new InputError(`weights must be finite and >= 0, but weights[${c}] is ${weights[c]}.`, {
        index: c,
        weight: weights[c],
      });
}

/**
 * @param labels class of each image, integers >= 0, shape [N]; an epoch draws N, with replacement
 * @param options.weights w_c of each CLASS, finite, >= 0, shape [C] or longer, in any unit; or a function that gives
 *   them from the counts n_c, shape [C], and the epoch. The weight of a class without images is not used
 * @param options.name names the random stream, too: samplers of one name and seed draw alike
 * @throws InputError for bad labels, a negative, infinite or NaN weight, too few, or none positive; weights from a
 *   function are checked at epoch 0, and again at each epoch
 * @example
 * weightedBy(labels, { weights: [1, 1, 5], seed: 0 });
 * weightedBy(labels, { weights: (counts) => Array.from(counts, (n) => Math.log(1 + n)), seed: 0 });
 */
export function weightedBy(
  labels: ArrayLike<number>,
  {
    weights,
    name = 'weighted',
    ...options
  }: WeightedOptions & {
    weights: ArrayLike<number> | ((counts: Int32Array, epoch: number) => ArrayLike<number>);
    name?: string;
  },
): SamplerWithLaw {
  return weighted(name, labels, {
    ...options,
    law(counts) {
      const lawOf = (given: ArrayLike<number>) => {
        checkWeights(given, counts.length);
        return normalised(Float64Array.from(counts, (n, c) => (n === 0 ? 0 : given[c]!)));
      };
      if (typeof weights !== 'function') return lawOf(weights);
      const lawAt = (epoch: number) => lawOf(weights(counts.slice(), epoch));
      lawAt(0);
      return lawAt;
    },
  });
}
