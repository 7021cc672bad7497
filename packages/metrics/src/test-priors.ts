/**
 * Accuracy on a test set of another class prior, without another test set: sum_c pi_c recall_c. The shifted priors are those
 * of LADE (Hong et al., 2021) and SADE (Zhang et al., 2022), which draw such test sets: with r_c the rank of class c by its
 * training images, forward pi_c ~ factor^(-r_c / (C - 1)), as the training set; backward the other way round.
 */
import {
  asCounts,
  checkLists,
  checkNumbers,
  checkOneOf,
  checkOptions,
  checkWeights,
  InputError,
  shown,
} from '@longtail/core';

/**
 * @param trainCounts n_c, shape [C]; equal ones rank by class number
 * @param options.direction `forward`: classes with many training images are frequent; `backward`: they are rare
 * @param options.factor the largest share over the least, >= 1: the papers' 2, 5, 10, 25, 50 (iNaturalist 2, 3); 1 is uniform
 * @returns pi_c, shape [C], summing to 1
 * @throws InputError for a count that is none, another direction, or a factor below 1
 * @example
 * shiftedPrior([500, 5], { direction: 'backward', factor: 4 }); // [.2, .8]
 */
export function shiftedPrior(
  trainCounts: ArrayLike<number>,
  options: { direction: 'forward' | 'backward'; factor: number },
): Float64Array {
  const { direction, factor } = checkOptions(options, { of: 'shiftedPrior' });
  checkOneOf({ direction }, ['forward', 'backward']);
  checkNumbers({ factor }, { least: 1 });
  const counts = asCounts(trainCounts);
  const order = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const last = Math.max(counts.length - 1, 1);
  const shares = new Float64Array(counts.length);
  order.forEach((c, rank) => {
    shares[c] = factor ** (-(direction === 'forward' ? rank : last - rank) / last);
  });
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
}

/**
 * @param perClass recall of each class, null where it has no test rows, shape [C] (`perClass` of {@link evaluate})
 * @param prior pi_c >= 0 in any scale, shape [C]
 * @returns the accuracy; over the classes with test rows, their shares scaled to 1; null where these have none
 * @throws InputError for other lengths, or naming what is no number
 * @example
 * accuracyUnderPrior([1, 0.5], [0.2, 0.8]); // .6
 */
export function accuracyUnderPrior(
  perClass: ArrayLike<number | null>,
  prior: ArrayLike<number>,
): number | null {
  checkLists({ perClass });
  checkWeights({ prior }, { count: perClass.length, of: 'classes' });
  let [sum, weight] = [0, 0];
  for (let c = 0; c < perClass.length; c++) {
    const recall: unknown = perClass[c];
    if (recall === null) continue;
    if (!Number.isFinite(recall))
      throw new InputError(`perClass must hold numbers or null, but that of class ${c} is ${shown(recall)}.`);
    sum += prior[c]! * (recall as number);
    weight += prior[c]!;
  }
  return weight === 0 ? null : sum / weight;
}
