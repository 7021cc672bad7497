/**
 * McNemar's test: of the rows on which only one of two methods is right, is it either one alike? Given n such rows, how many the first
 * has is binomial(n, 1/2) where the methods are equal: Q. McNemar, Psychometrika 12 (1947). The exact test is conservative; the
 * mid-p one, which counts half of the observed outcome's probability, is not, and rarely exceeds its level:
 * M. W. Fagerland, S. Lydersen, P. Laake, BMC Med. Res. Methodol. 13:91 (2013).
 */
import { checkIntegers } from '@longtail/core';

export interface McNemar {
  /** Rows that only the first, or only the second, is right on. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided p-values. */
  readonly exact: number;
  readonly midP: number;
}

/** Of binomial(n, 1/2), n >= 2 k: P(X <= k) and P(X = k), by ratios from the likeliest outcome down, where nothing is cancelled. */
function halfBinomial(n: number, k: number): { upTo: number; at: number } {
  let [weight, upTo, at, total] = [1, 0, 0, 0];
  for (let i = Math.floor(n / 2); i >= 0 && weight > 0; i--) {
    total += i * 2 === n ? weight : 2 * weight;
    if (i <= k) upTo += weight;
    if (i === k) at = weight;
    weight *= i / (n - i + 1);
  }
  return { upTo: upTo / total, at: at / total };
}

const MOST_ROWS = 1e9;

/**
 * @param onlyFirst an integer >= 0
 * @param onlySecond an integer >= 0
 * @throws InputError naming the one that is not
 * @example
 * mcnemar(1, 7); // { exact: 0.0703, midP: 0.0391, ... }
 */
export function mcnemar(onlyFirst: number, onlySecond: number): McNemar {
  checkIntegers({ onlyFirst, onlySecond }, { least: 0, most: MOST_ROWS });
  if (onlyFirst === onlySecond) {
    const { at } = halfBinomial(2 * onlyFirst, onlyFirst);
    return { onlyFirst, onlySecond, exact: 1, midP: onlyFirst === 0 ? 1 : 1 - at / 2 };
  }
  const { upTo, at } = halfBinomial(onlyFirst + onlySecond, Math.min(onlyFirst, onlySecond));
  return { onlyFirst, onlySecond, exact: Math.min(1, 2 * upTo), midP: 2 * upTo - at };
}
