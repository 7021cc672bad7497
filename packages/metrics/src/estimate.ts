/** What the loop of every bootstrap gives: replicates of a statistic, and what is made of them. */
import { bcaInterval } from './bca.ts';
import type { BootstrapOptions } from './bootstrap-options.ts';
import type { Cells } from './cells.ts';
import { counterOf } from './draw-counts.ts';
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

/** @param of the statistics of such counts; accelerations one of each */
export function estimates(
  { of, accelerations }: { of: (counts: Int32Array) => readonly number[]; accelerations: readonly number[] },
  all: Cells,
  { replicates, confidence, seed }: Required<BootstrapOptions>,
): Estimate[] {
  const observed = of(all.counts);
  const drawn = observed.map(() => new Float64Array(replicates));
  const counts = new Int32Array(all.counts.length);
  const draw = counterOf(all, { seed });
  for (let replicate = 0; replicate < replicates; replicate++) {
    draw(counts);
    const found = of(counts);
    for (let i = 0; i < drawn.length; i++) drawn[i]![replicate] = found[i]!;
  }
  return observed.map((value, i) => {
    const acceleration = accelerations[i]!;
    const interval = bcaInterval(drawn[i]!, { observed: value, acceleration, confidence });
    return { value, ...interval, standardError: deviation(drawn[i]!), acceleration, replicates: drawn[i]! };
  });
}
