/**
 * Rows counted by stratum and outcome. Rows of one cell are alike to a statistic, so a resample of rows is one of counts, and costs
 * what there are of cells, not of rows.
 */
import { asLabels, groupByClass, InputError, type LabelList } from '@longtail/core';

/** Cells in the order of strata, and of outcomes within one; each list has the shape [cells]. */
export interface Cells {
  readonly strata: Int32Array;
  readonly outcomes: Int32Array;
  /** How many rows each has. */
  readonly counts: Int32Array;
}

/**
 * @param strata of each row, integers >= 0, shape [N]: for test sets the true class
 * @param outcomes of each row, integers >= 0, shape [N]: whatever the statistic tells rows apart by, such as the predicted class;
 *   for a statistic of rows the row's own number
 * @throws InputError when lengths differ, or naming the first that is no such integer
 * @example
 * cellsOf([0, 0, 0, 1], [1, 0, 1, 1]); // strata [0, 0, 1], outcomes [0, 1, 1], counts [1, 2, 1]
 */
export function cellsOf(strata: LabelList, outcomes: LabelList): Cells {
  const { order, offsets, counts } = groupByClass(asLabels(strata, { name: 'strata' }));
  const all = asLabels(outcomes, { name: 'outcomes' });
  if (all.length !== order.length)
    throw new InputError(
      `outcomes must be as many as strata, but there are ${all.length} for ${order.length}.`,
    );
  const sorted = order.map((row) => all[row]!);
  const cells: { strata: number[]; outcomes: number[]; counts: number[] } = {
    strata: [],
    outcomes: [],
    counts: [],
  };
  for (let stratum = 0; stratum < counts.length; stratum++) {
    const own = sorted.subarray(offsets[stratum], offsets[stratum + 1]).sort();
    for (let i = 0; i < own.length; i++)
      if (i > 0 && own[i] === own[i - 1]) cells.counts[cells.counts.length - 1]! += 1;
      else {
        cells.strata.push(stratum);
        cells.outcomes.push(own[i]!);
        cells.counts.push(1);
      }
  }
  return {
    strata: Int32Array.from(cells.strata),
    outcomes: Int32Array.from(cells.outcomes),
    counts: Int32Array.from(cells.counts),
  };
}
