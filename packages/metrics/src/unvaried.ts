/**
 * Sums over rows of which every resample is the same, as where all rows of each class are right, or all wrong: a bootstrap gives them an
 * interval of length 0. Rows that raise the sum and rows that lower it each have a share of all weight; of both shares Wilson's interval is
 * taken, of as many rows of one weight as tell as much, n = (sum_i w_i)^2 / sum_i w_i^2 (Kish 1965); a difference is that of both.
 */
import type { Cells } from './cells.ts';
import type { Estimate } from './estimate.ts';
import type { Interval } from './interval.ts';
import type { AccuracyWeights } from './score-columns.ts';
import { wilsonOf } from './wilson.ts';

/** Sums of floats differ in their last bits. */
const ROUNDING = 1e-12;

/** Of weights that sum up to 1 over all rows. */
export function rowsOfOneWeight(
  { strata, counts }: Cells,
  { weights }: Pick<AccuracyWeights, 'weights'>,
): number {
  let squares = 0;
  for (let cell = 0; cell < counts.length; cell++) squares += counts[cell]! * weights[strata[cell]!]! ** 2;
  return 1 / squares;
}

interface Known {
  readonly columns: readonly AccuracyWeights[];
  /** Of a row of each cell, shape [columns][cells]. */
  readonly contributions: readonly Float64Array[];
  readonly confidence: number;
  readonly isDifference: boolean;
}

/** Of what the rows have whose contributions are above 0, or by `sign` -1 below it. */
export function shareInterval(
  { counts }: Cells,
  contributions: Float64Array,
  { rows, confidence, sign = 1 }: { rows: number; confidence: number; sign?: 1 | -1 },
): Interval {
  let share = 0;
  for (const [cell, count] of counts.entries()) share += count * Math.max(0, sign * contributions[cell]!);
  return wilsonOf(share > 1 - ROUNDING ? rows : share * rows, rows, confidence);
}

/** Of the first less the second, where each is in its own. */
export const intervalBetween = (first: Interval, second: Interval): Interval => ({
  low: first.low - second.high,
  high: first.high - second.low,
});

function intervalOf(
  cells: Cells,
  column: number,
  { columns, contributions, confidence, isDifference }: Known,
): Interval {
  const rows = rowsOfOneWeight(cells, columns[column]!);
  const of = (sign: 1 | -1) => shareInterval(cells, contributions[column]!, { rows, confidence, sign });
  return isDifference ? intervalBetween(of(1), of(-1)) : of(1);
}

export const isUnvaried = ({ standardError }: Pick<Estimate, 'standardError'>): boolean =>
  standardError <= ROUNDING;

/** @returns the estimates of the columns, those that do not vary with an interval of their own */
export function withUnvaried(estimates: readonly Estimate[], cells: Cells, known: Known): Estimate[] {
  return estimates.map((estimate, i) =>
    isUnvaried(estimate) ? { ...estimate, ...intervalOf(cells, i, known) } : estimate,
  );
}
