/**
 * The interval of a share of independent rows: every p with |hits/n - p| <= z sqrt(p (1 - p)/n), which is
 * (hits + z^2/2 +- z sqrt(hits (n - hits)/n + z^2/4)) / (n + z^2). E. B. Wilson, JASA 22 (1927). Unlike the usual
 * p +- z sqrt(p (1 - p)/n), it stays within [0, 1] and does not vanish at 0 and n hits: test classes have few rows.
 */
import { checkIntegers, checkOptions } from '@longtail/core';
import { checkConfidence, type Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';

/** @param hits from 0 to rows @param rows above 0; both may be fractions */
export function wilsonOf(hits: number, rows: number, confidence: number): Interval {
  const z = normalQuantile((1 + confidence) / 2);
  const centre = hits + (z * z) / 2;
  const half = z * Math.sqrt((hits * (rows - hits)) / rows + (z * z) / 4);
  const [low, high] = [(centre - half) / (rows + z * z), (centre + half) / (rows + z * z)];
  return { low: hits === 0 ? 0 : low, high: hits === rows ? 1 : high };
}

/**
 * @param hits an integer from 0 to rows
 * @param rows an integer >= 0
 * @returns null where there are no rows
 * @throws InputError naming what is out of its range
 * @example
 * wilson(8, 10); // { low: 0.490, high: 0.943 }
 */
export function wilson(hits: number, rows: number, options: { confidence?: number } = {}): Interval | null {
  const { confidence = 0.95 } = checkOptions(options, { of: 'wilson' });
  checkConfidence(confidence);
  checkIntegers({ rows }, { least: 0 });
  checkIntegers({ hits }, { least: 0, most: rows });
  return rows === 0 ? null : wilsonOf(hits, rows, confidence);
}
