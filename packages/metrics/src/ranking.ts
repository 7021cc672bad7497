/**
 * How well scores rank positives before negatives, ties as scikit-learn takes them:
 * AUROC = P(s+ > s-) + P(s+ = s-) / 2 (Mann & Whitney), AP = sum_n (R_n - R_(n-1)) P_n over the distinct thresholds.
 */
import { checkLists, InputError, shown } from '@longtail/core';

export interface Ranking {
  /** Null without a positive or without a negative. */
  readonly auroc: number | null;
  /** Average precision; null without a positive. */
  readonly averagePrecision: number | null;
}

/** How many of the ascending values are below x. */
function countBelow(ascending: Float64Array, x: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param all scores of all rows, @param positives those of the positive ones; both ascending */
export function rankingOf(all: Float64Array, positives: Float64Array): Ranking {
  const [n, p] = [all.length, positives.length];
  if (p === 0) return { auroc: null, averagePrecision: null };
  let [pairs, precisions] = [0, 0];
  for (let i = 0; i < p; ) {
    const score = positives[i]!;
    let next = i + 1;
    while (next < p && positives[next] === score) next += 1;
    const below = countBelow(all, score);
    const negativesBelow = below - i;
    let end = below + (next - i);
    while (end < n && all[end] === score) end += 1;
    const negativesEqual = end - below - (next - i);
    pairs += (next - i) * (negativesBelow + negativesEqual / 2);
    precisions += (next - i) * ((p - i) / (n - below));
    i = next;
  }
  return { auroc: p === n ? null : pairs / (p * (n - p)), averagePrecision: precisions / p };
}

/**
 * @param scores shape [N]; only their order counts
 * @param positives 1 for a positive row, else 0, shape [N]
 * @throws InputError naming the first row that is NaN, or neither 0 nor 1
 * @example
 * ranking([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // auroc .75, averagePrecision .8333
 */
export function ranking(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>): Ranking {
  checkLists({ scores, positives });
  if (scores.length !== positives.length)
    throw new InputError(`ranking needs a score a row, but got ${scores.length} for ${positives.length}.`);
  const chosen: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    const is: unknown = positives[row];
    if (typeof scores[row] !== 'number' || Number.isNaN(scores[row]))
      throw new InputError(`scores must be numbers, but that of row ${row} is ${shown(scores[row])}.`, {
        row,
      });
    if (is !== 0 && is !== 1 && is !== true && is !== false)
      throw new InputError(`positives must hold 0 or 1, but row ${row} has ${shown(is)}.`, { row });
    if (is) chosen.push(scores[row]!);
  }
  return rankingOf(Float64Array.from(scores).sort(), Float64Array.from(chosen).sort());
}
