/**
 * What a test set says of a difference. `detectable` is the smallest true difference d that it finds four times in five: the test
 * finds what exceeds 1.96 standard errors s, and a measured difference is normal about d with deviation s, so that
 * Phi(d/s - 1.96) = 0.8, d = (1.96 + 0.84) s = 2.80 s (at a confidence of 95 %). It is no less than k rows of n, with k the smallest
 * number of rows, all in favour of one method, of which McNemar's mid-p test makes a finding: 2^-k <= 0.05, k = 5; and no more than 1, which is none.
 */
import { checkLists, checkNumbers, checkObjects, checkOptions } from '@longtail/core';
import type { Estimate } from './estimate.ts';
import { holm } from './holm.ts';
import { checkConfidence, type Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';

export type Verdict = 'better' | 'worse' | 'undecided';

const POWER = 0.8;

export interface Difference extends Interval {
  /** The first less the second. */
  readonly difference: number;
  /** Paired: of the difference. */
  readonly standardError: number;
  /** Two-sided, of no difference. Not by the interval, which is too narrow where a handful of rows decides. */
  readonly p: number;
  /** Of the first; undecided where p, or after Holm the adjusted one, exceeds the level. */
  readonly verdict: Verdict;
  readonly detectable: number;
}

export interface AdjustedVerdict {
  /** The p-value by Holm over all comparisons that were asked for together. */
  readonly adjusted: number;
  readonly verdict: Verdict;
}

function verdictOf(difference: number, p: number, confidence: number): Verdict {
  if (difference === 0 || p > 1 - confidence) return 'undecided';
  return difference > 0 ? 'better' : 'worse';
}

/**
 * Of a bootstrapped difference, and its p-value by a test that fits.
 *
 * @param options.rows n, of one weight; default: as many as it takes for s to decide
 * @param options.quantile of the difference in standard errors: the normal one, or that of a standard error of few seeds
 */
export function differenceOf(
  { value, low, high, standardError }: Pick<Estimate, 'value' | 'low' | 'high' | 'standardError'>,
  {
    confidence,
    p,
    rows = Infinity,
    quantile = normalQuantile,
  }: { confidence: number; p: number; rows?: number; quantile?: (share: number) => number },
): Difference {
  const verdict = verdictOf(value, p, confidence);
  const ofError = (quantile((1 + confidence) / 2) + quantile(POWER)) * standardError;
  const detectable = Math.min(1, Math.max(ofError, Math.ceil(-Math.log2(1 - confidence)) / rows));
  return { difference: value, low, high, standardError, p, verdict, detectable };
}

/**
 * Verdicts over many comparisons at once, by {@link holm}. Intervals stay those of each comparison alone.
 *
 * @param options.confidence default 0.95
 * @throws InputError when a p-value is outside [0, 1]
 * @example
 * const [crt, lws] = adjusted([compareMethods(a, joint, ...).few, compareMethods(b, joint, ...).few]);
 */
export function adjusted<T extends Pick<Difference, 'difference' | 'p'>>(
  differences: readonly T[],
  options: { confidence?: number } = {},
): (T & AdjustedVerdict)[] {
  const { confidence = 0.95 } = checkOptions(options, { of: 'adjusted' });
  checkConfidence(confidence);
  checkLists({ differences });
  for (const [i, one] of differences.entries()) {
    checkObjects({ [`differences[${i}]`]: one });
    checkNumbers({ [`the difference of differences[${i}]`]: one.difference });
  }
  const all = holm(differences.map(({ p }) => p));
  return differences.map((one, i) => ({
    ...one,
    adjusted: all[i]!,
    verdict: verdictOf(one.difference, all[i]!, confidence),
  }));
}
