/**
 * McNemar's mid-p test of accuracies that weigh classes: exact where all rows on which the methods differ have one weight, as in a test set
 * of as many rows a class, else by as many random exchanges as there are replicates.
 */

import type { Cells } from './cells.ts';
import { exchangeTest } from './exchange-test.ts';
import { mcnemar } from './mcnemar.ts';

/** The cells that a column counts, with the gain of a row of each. */
interface Weighed {
  readonly counts: Int32Array;
  readonly gains: Float64Array;
}

function weighed({ counts }: Cells, gains: Float64Array): Weighed {
  const kept = [...gains.keys()].filter((cell) => gains[cell] !== 0);
  return {
    counts: Int32Array.from(kept, (cell) => counts[cell]!),
    gains: Float64Array.from(kept, (cell) => gains[cell]!),
  };
}

/** @param gains of a row of each cell: above 0 where only the first is right, below where only the second is, shape [cells] */
export function weightedMcnemar(
  all: Cells,
  gains: Float64Array,
  drawing: { replicates: number; seed: number },
): number {
  const own = weighed(all, gains);
  const only = (sign: number) =>
    own.counts.reduce((sum, n, cell) => sum + (Math.sign(own.gains[cell]!) === sign ? n : 0), 0);
  if (own.gains.every((gain) => Math.abs(gain) === Math.abs(own.gains[0]!)))
    return mcnemar(only(1), only(-1)).midP;
  const of = (exchanged: Int32Array): [number] => {
    let sum = 0;
    for (let cell = 0; cell < exchanged.length; cell++)
      sum += own.gains[cell]! * (own.counts[cell]! - 2 * exchanged[cell]!);
    return [sum];
  };
  return exchangeTest(of, own.counts, drawing)[0]!;
}
