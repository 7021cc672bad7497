/**
 * Two methods on the same rows, by what chance would do: where they are alike, the two answers to a row may as well be exchanged. p is the
 * share of exchanges, each row's with probability 1/2, that lie further from 0 than what is observed; of those as far, half. R. A. Fisher,
 * "The Design of Experiments" (1935). Unlike the bootstrap it does not take a few rows, all in favour of one method, for a finding.
 */
import { random } from '@longtail/core';
import { drawBinomial } from './draw-binomial.ts';

/** Sums in another order. */
const ROUNDING = 1e-12;

/** @returns p for a value that is observed and for those that are drawn; 1 where all are as far from 0 */
export function shareBeyond(observed: number, drawn: Float64Array): number {
  let [beyond, as] = [0, 0];
  for (const value of drawn) {
    const further = Math.abs(value) - Math.abs(observed);
    if (further > ROUNDING) beyond++;
    else if (further >= -ROUNDING) as++;
  }
  return as === drawn.length ? 1 : Math.min(1, (beyond + as / 2 + 1) / (drawn.length + 1));
}

/**
 * @param of the differences where so many rows of each cell have their answers exchanged
 * @param counts rows of each cell, shape [cells]
 */
export function exchangeTest(
  of: (exchanged: Int32Array) => readonly number[],
  counts: Int32Array,
  { replicates, seed }: { replicates: number; seed: number },
): number[] {
  const exchanged = new Int32Array(counts.length);
  const observed = of(exchanged);
  const drawn = observed.map(() => new Float64Array(replicates));
  const { uniform } = random(seed, 'exchange');
  for (let replicate = 0; replicate < replicates; replicate++) {
    for (let cell = 0; cell < counts.length; cell++)
      exchanged[cell] = drawBinomial(counts[cell]!, 0.5, uniform);
    for (const [i, value] of of(exchanged).entries()) drawn[i]![replicate] = value;
  }
  return observed.map((value, i) => shareBeyond(value, drawn[i]!));
}
