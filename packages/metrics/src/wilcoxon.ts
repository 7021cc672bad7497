/**
 * The signed-rank test of paired numbers, two methods' scores on several data sets: differences are ranked by size, and W is the sum of the
 * ranks of the positive ones. F. Wilcoxon, Biometrics 1 (1945). Where the methods are alike each sign is a coin's: up to 50 differences
 * the distribution of W is counted, equal sizes included; above, W is normal. Differences of 0 are left out.
 */
import { checkLists, InputError, shown } from '@longtail/core';
import { normalCdf } from './normal.ts';
import { ranks, ties } from './ranks.ts';

export interface Wilcoxon {
  /** The smaller of the two sums of ranks. */
  readonly statistic: number;
  /** Two-sided; 1 where no difference is left. */
  readonly p: number;
}

const MOST_COUNTED = 50;

/** P(2 W <= doubled) among all signs. Midranks are halves, so that ranks are doubled. */
function shareUpTo(doubled: readonly number[], most: number): number {
  const ways = new Float64Array(doubled.reduce((a, b) => a + b, 0) + 1);
  ways[0] = 1;
  for (const rank of doubled)
    for (let sum = ways.length - 1; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!;
  return ways.subarray(0, most + 1).reduce((a, b) => a + b, 0) / 2 ** doubled.length;
}

/**
 * @param first a score for each data set, shape [N]
 * @param second the other method's, shape [N]
 * @throws InputError when lengths differ, or naming the first that is not finite
 * @example
 * wilcoxon([0.71, 0.62, 0.55, 0.8, 0.43], [0.7, 0.6, 0.52, 0.76, 0.38]); // { statistic: 0, p: 0.0625 }
 */
export function wilcoxon(first: ArrayLike<number>, second: ArrayLike<number>): Wilcoxon {
  checkLists({ first, second });
  if (first.length !== second.length || first.length === 0)
    throw new InputError(
      `first and second must hold as many scores, one at least, but there are ${first.length} and ${second.length}.`,
    );
  const differences = Array.from(first, (value, i) => {
    const difference = Number.isFinite(value) && Number.isFinite(second[i]) ? value - second[i]! : Number.NaN;
    if (Number.isFinite(difference)) return difference;
    throw new InputError(
      `scores must be finite numbers, but those at ${i} are ${shown(value)} and ${shown(second[i])}.`,
    );
  }).filter((difference) => difference !== 0);
  const n = differences.length;
  if (n === 0) return { statistic: 0, p: 1 };
  const rank = ranks(differences.map(Math.abs));
  const positive = rank.reduce((sum, r, i) => sum + (differences[i]! > 0 ? r : 0), 0);
  const statistic = Math.min(positive, (n * (n + 1)) / 2 - positive);
  if (n <= MOST_COUNTED)
    return {
      statistic,
      p: Math.min(
        1,
        2 *
          shareUpTo(
            rank.map((r) => 2 * r),
            2 * statistic,
          ),
      ),
    };
  const variance = (n * (n + 1) * (2 * n + 1) - ties(rank) / 2) / 24;
  return { statistic, p: 2 * normalCdf((statistic - (n * (n + 1)) / 4) / Math.sqrt(variance)) };
}
