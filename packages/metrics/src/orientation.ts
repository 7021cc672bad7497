/**
 * Which of two methods comes first is a matter of taste, and may not move a number by the order in which cells are drawn. So of both
 * orders the one is drawn whose first cell that differs is the larger, and what was found is turned back.
 */

import type { Cells } from './cells.ts';
import type { Estimate } from './estimate.ts';

/** @param forth, back cells of (first, second) and of (second, first) */
export function orientation(forth: Cells, back: Cells): { cells: Cells; sign: 1 | -1 } {
  for (let cell = 0; cell < forth.counts.length; cell++)
    for (const key of ['strata', 'outcomes', 'counts'] as const) {
      const [one, other] = [forth[key][cell]!, back[key][cell] ?? -1];
      if (one !== other) return one > other ? { cells: forth, sign: 1 } : { cells: back, sign: -1 };
    }
  return { cells: forth, sign: 1 };
}

export function turned(estimate: Estimate, sign: 1 | -1): Estimate {
  if (sign === 1) return estimate;
  const { value, low, high, acceleration, replicates } = estimate;
  return {
    ...estimate,
    value: 0 - value,
    low: 0 - high,
    high: 0 - low,
    acceleration: 0 - acceleration,
    replicates: replicates.map((one) => 0 - one),
  };
}
