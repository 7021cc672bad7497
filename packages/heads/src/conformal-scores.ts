/**
 * How strange a class is for a row of probabilities, the larger the stranger; a conformal set holds the classes that are not too strange.
 *   standard: 1 - p_c (Sadinle et al., 2019).
 *   aps: the probability of all likelier classes and of c (Romano et al., NeurIPS 2020), without its random part: sets are a little larger.
 *   pas: -p_c / pi_c, the prevalence-adjusted softmax (Ding, Fermanian & Salmon, arXiv 2507.06867, section 2.1), by which the mean of the
 *     classes' coverages is largest for the size of the sets.
 */
import { InputError } from '@longtail/core';

export type ConformalScore = 'standard' | 'aps' | 'pas';

export const SCORES: readonly ConformalScore[] = ['standard', 'aps', 'pas'];

/** The scores of all classes, in place of a row of probabilities. */
export type ScoreRow = (row: Float32Array) => Float64Array;

function aps(row: Float32Array): Float64Array {
  const order = Array.from(row.keys()).sort((a, b) => row[b]! - row[a]!);
  const scores = new Float64Array(row.length);
  let sum = 0;
  for (let at = 0; at < order.length; ) {
    let end = at;
    for (; end < order.length && row[order[end]!] === row[order[at]!]; end++) sum += row[order[end]!]!;
    for (; at < end; at++) scores[order[at]!] = Math.min(sum, 1); // classes of one probability are as strange
  }
  return scores;
}

/**
 * @param prior pi, shape [C], for 'pas'; a class of prior 0 is never in a set
 * @throws InputError for 'pas' without a prior
 */
export function scoreRow(score: ConformalScore, prior: Float64Array | undefined): ScoreRow {
  if (score === 'aps') return aps;
  if (score === 'standard') return (row) => Float64Array.from(row, (p) => 1 - p);
  if (!prior)
    throw new InputError("the score 'pas' needs the class counts of the training set: give counts.");
  return (row) =>
    Float64Array.from(row, (p, c) => (prior[c] === 0 ? Number.POSITIVE_INFINITY : -p / prior[c]!));
}

/** The largest score that there can be, for thresholds of too few rows. */
export const largestScore = (score: ConformalScore): number => (score === 'pas' ? 0 : 1);

/** The k-th smallest of n, k = ceil((n + 1)(1 - alpha)); Infinity where k > n. */
export function conformalQuantile(scores: Float64Array, alpha: number): number {
  const k = Math.ceil((scores.length + 1) * (1 - alpha) - 1e-9); // 0.1 is no number of base 2
  return scores.toSorted()[k - 1] ?? Number.POSITIVE_INFINITY;
}
