/**
 * Friedman's test: are k methods ranked alike over N data sets? With R_j the sum of method j's ranks,
 *   Q = (12 / (N k (k + 1)) sum R_j^2 - 3 N (k + 1)) / (1 - sum of (t^3 - t) over ties / (N k (k^2 - 1)))
 * is chi-square of k - 1 degrees where they are. M. Friedman, JASA 32 (1937).
 */
import { checkLists, InputError, shown } from '@longtail/core';
import { chiSquareAbove } from './chi-square.ts';
import { ranks, ties } from './ranks.ts';

export interface Friedman {
  readonly statistic: number;
  readonly p: number;
  /** The mean rank of each method; 1 is the best of all on every data set. */
  readonly meanRanks: readonly number[];
}

/** @throws InputError unless each of two data sets or more has a finite score of each of the same methods, `least` at least */
export function checkScores(scores: readonly (readonly number[])[], { least }: { least: number }): void {
  checkLists({ scores });
  if (scores.length < 2)
    throw new InputError(`scores must be of two data sets at least, but there are ${scores.length}.`);
  for (const [i, row] of scores.entries()) {
    checkLists({ [`scores[${i}]`]: row });
    if (row.length !== scores[0]!.length || row.length < least)
      throw new InputError(
        `each data set must have a score of each method, of ${least} at least, but scores[${i}] has ${row.length} and scores[0] ${scores[0]!.length}.`,
      );
    for (let j = 0; j < row.length; j++)
      if (!Number.isFinite(row[j]))
        throw new InputError(`scores must be finite numbers, but scores[${i}][${j}] is ${shown(row[j])}.`);
  }
}

/**
 * @param scores higher is better, shape [N][k], k >= 3; one row a data set, one column a method
 * @throws InputError when rows differ in length, there are too few, or naming the first score that is not finite
 * @example
 * friedman([[0.7, 0.6, 0.5], [0.8, 0.7, 0.75], [0.4, 0.35, 0.3]]).meanRanks; // [1, 2.33, 2.67]
 */
export function friedman(scores: readonly (readonly number[])[]): Friedman {
  checkScores(scores, { least: 3 });
  const [n, k] = [scores.length, scores[0]!.length];
  const all = scores.map((row) => ranks(Array.from(row, (score) => -score)));
  const sums = Array.from({ length: k }, (_, j) => all.reduce((sum, row) => sum + row[j]!, 0));
  const meanRanks = sums.map((sum) => sum / n);
  const untied = 1 - all.reduce((sum, row) => sum + ties(row), 0) / (n * k * (k * k - 1));
  if (untied === 0) return { statistic: 0, p: 1, meanRanks };
  const squares = sums.reduce((sum, r) => sum + r * r, 0);
  const statistic = ((12 / (n * k * (k + 1))) * squares - 3 * n * (k + 1)) / untied;
  return { statistic, p: chiSquareAbove(Math.max(0, statistic), k - 1), meanRanks };
}
