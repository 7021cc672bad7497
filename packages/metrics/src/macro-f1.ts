/** Macro-F1 of rows that are counted by true and predicted class, as a bootstrap draws them. */
import { meanF1 } from './averages.ts';
import type { WeighedCells } from './draw-counts.ts';

/** @param predicted class of each cell, whose stratum is its true class, shape [cells] @param numClasses C */
export function macroF1({ strata, counts }: WeighedCells, predicted: Int32Array, numClasses: number): number {
  const [both, hits] = [new Float64Array(numClasses), new Float64Array(numClasses)];
  for (let cell = 0; cell < counts.length; cell++) {
    const [label, prediction, count] = [strata[cell]!, predicted[cell]!, counts[cell]!];
    both[label]! += count;
    both[prediction]! += count;
    if (label === prediction) hits[label]! += count;
  }
  return meanF1(hits, (c) => both[c]!);
}
