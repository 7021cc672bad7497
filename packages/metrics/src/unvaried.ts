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

type Weights = Pick<AccuracyWeights, 'weights'>;

/** Sums of floats differ in their last bits. */
const ROUNDING = 1e-12;

/** Of weights that sum up to 1 over all rows. */
export function rowsOfOneWeight({ strata, counts }: Cells, { weights }: Weights): number {
  let squares = 0;
  for (let cell = 0; cell < counts.length; cell++) squares += counts[cell]! * weights[strata[cell]!]! ** 2;
  return 1 / squares;
}

interface Known {
  readonly columns: readonly Weights[];
  /** Of a row of each cell, shape [columns][cells]. */
  readonly contributions: readonly Float64Array[];
  readonly confidence: number;
  readonly isDifference: boolean;
}

function intervalOf(
  cells: Cells,
  column: number,
  { columns, contributions, confidence, isDifference }: Known,
): Interval {
  let [up, down] = [0, 0];
  for (const [cell, count] of cells.counts.entries()) {
    const sum = count * contributions[column]![cell]!;
    if (sum > 0) up += sum;
    else down -= sum;
  }
  const rows = rowsOfOneWeight(cells, columns[column]!);
  const shareOf = (share: number): Interval =>
    wilsonOf(share > 1 - ROUNDING ? rows : share * rows, rows, confidence);
  const [gains, losses] = [shareOf(up), shareOf(down)];
  return isDifference ? { low: gains.low - losses.high, high: gains.high - losses.low } : gains;
}

/** @returns the estimates of the columns, those that do not vary with an interval of their own */
export function withUnvaried(estimates: readonly Estimate[], cells: Cells, known: Known): Estimate[] {
  return estimates.map((estimate, i) =>
    estimate.standardError > ROUNDING ? estimate : { ...estimate, ...intervalOf(cells, i, known) },
  );
}
