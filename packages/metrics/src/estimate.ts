/** What the loop of every bootstrap gives: replicates of a statistic, and what is made of them. */
import { bcaInterval } from './bca.ts';
import type { BootstrapOptions } from './bootstrap-options.ts';
import type { Cells } from './cells.ts';
import { type Counts, counterOf, weigherOf } from './draw-counts.ts';
import type { Interval } from './interval.ts';

export interface Estimate extends Interval {
  /** Of the rows themselves. */
  readonly value: number;
  /** The deviation of the replicates. */
  readonly standardError: number;
  readonly acceleration: number;
  /** Of each resample, in the order in which they were drawn. */
  readonly replicates: Float64Array;
}

export function deviation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Statistics of counted rows, and the acceleration of each. */
interface Statistics<C extends Counts> {
  readonly of: (counts: C) => readonly number[];
  readonly accelerations: readonly number[];
}

/** Of resamples of as many rows as there are. */
export function countedEstimates(
  statistics: Statistics<Int32Array>,
  all: Cells,
  drawing: Required<BootstrapOptions>,
): Estimate[] {
  const [counts, draw] = [new Int32Array(all.counts.length), counterOf(all, drawing)];
  return estimates(statistics, all.counts, { ...drawing, next: () => draw(counts) });
}

/** Of resamples of weighed rows, which vary as other test sets would. */
export function weighedEstimates(
  statistics: Statistics<Counts>,
  all: Cells,
  drawing: Required<BootstrapOptions>,
): Estimate[] {
  const [weights, draw] = [new Float64Array(all.counts.length), weigherOf(all, drawing)];
  return estimates<Counts>(statistics, all.counts, { ...drawing, next: () => draw(weights) });
}

function estimates<C extends Counts>(
  { of, accelerations }: Statistics<C>,
  own: C,
  { replicates, confidence, next }: { replicates: number; confidence: number; next: () => C },
): Estimate[] {
  const observed = of(own);
  const drawn = observed.map(() => new Float64Array(replicates));
  for (let replicate = 0; replicate < replicates; replicate++) {
    const found = of(next());
    for (let i = 0; i < drawn.length; i++) drawn[i]![replicate] = found[i]!;
  }
  return observed.map((value, i) => {
    const acceleration = accelerations[i]!;
    const interval = bcaInterval(drawn[i]!, { observed: value, acceleration, confidence });
    return { value, ...interval, standardError: deviation(drawn[i]!), acceleration, replicates: drawn[i]! };
  });
}
