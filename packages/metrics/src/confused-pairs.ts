/**
 * The pairs of classes that are taken for one another, with the lift over chance: n_tp N / (n_t n_p), how many times as
 * often class t was predicted to be p as it would be if predictions did not look at the row.
 */
import { checkIntegers, checkOneOf, checkOptions } from '@longtail/core';
import { type Confusion, checkConfusion, eachPair } from './confusion.ts';

export interface ConfusedPair {
  readonly truth: number;
  readonly prediction: number;
  readonly count: number;
  /** The share of the true class's rows. */
  readonly share: number;
  /** 1 is chance. */
  readonly lift: number;
}

/**
 * @param options.most how many, default 20
 * @param options.by `count` (default), `share` or `lift`; equal ones by truth, then prediction
 * @returns the most confused pairs, without those of a class with itself
 * @throws InputError unless it is a confusion matrix
 * @example
 * confusedPairs(confusionMatrix([1, 1, 1], [0, 0, 1], { numClasses: 2 })); // [{ truth: 0, prediction: 1, count: 2, share: 1, lift: 1 }]
 */
export function confusedPairs(
  confusion: Confusion,
  options: { most?: number; by?: 'count' | 'share' | 'lift' } = {},
): ConfusedPair[] {
  const { most = 20, by = 'count' } = checkOptions(options, { of: 'confusedPairs' });
  checkIntegers({ most });
  checkOneOf({ by }, ['count', 'share', 'lift']);
  checkConfusion(confusion);
  const [support, chosen] = [new Float64Array(confusion.numClasses), new Float64Array(confusion.numClasses)];
  let rows = 0;
  eachPair(confusion, (truth, prediction, count) => {
    support[truth]! += count;
    chosen[prediction]! += count;
    rows += count;
  });
  const pairs: ConfusedPair[] = [];
  eachPair(confusion, (truth, prediction, count) => {
    const [share, chance] = [count / support[truth]!, chosen[prediction]! / rows];
    if (truth !== prediction) pairs.push({ truth, prediction, count, share, lift: share / chance });
  });
  return pairs.sort((a, b) => b[by] - a[by]).slice(0, most);
}
