/** The bootstrap of sums over rows, which every accuracy is, and every difference of two. */
import { linearAcceleration } from './acceleration.ts';
import type { BootstrapOptions } from './bootstrap-options.ts';
import type { Cells } from './cells.ts';
import type { Counts } from './draw-counts.ts';
import { type Estimate, weighedEstimates } from './estimate.ts';

/** @param contributions to each sum, of a row of each cell, shape [sums][cells] */
export function linearBootstrap(
  contributions: readonly Float64Array[],
  all: Cells,
  drawing: Required<BootstrapOptions>,
): Estimate[] {
  const of = (counts: Counts) =>
    contributions.map((each) => {
      let sum = 0;
      for (let cell = 0; cell < counts.length; cell++) sum += counts[cell]! * each[cell]!;
      return sum;
    });
  const accelerations = contributions.map((each) => linearAcceleration(all, each));
  return weighedEstimates({ of, accelerations }, all, drawing);
}
