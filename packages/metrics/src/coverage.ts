/**
 * Coverage and size of prediction sets, however they were made (APS, RAPS, thresholds; conformal prediction for long tails:
 * Ding, Fermanian & Salmon, 2025). What is covered on the whole may be covered in no rare class, so the classes count too.
 */
import {
  asLabels,
  checkLists,
  checkNumbers,
  checkOptions,
  InputError,
  type LabelList,
  shown,
} from '@longtail/core';
import type { Sums } from './accumulator.ts';
import { mean } from './mean.ts';
import { checkPlaces } from './scores.ts';
import { total } from './tally.ts';

export interface Coverage {
  /** The share of rows whose set holds the true class. */
  readonly marginal: number;
  /** The mean of the classes' coverages. */
  readonly macro: number;
  /** The share of classes (with rows) whose coverage is below `low`. */
  readonly below: number;
  /** sum over classes of max(0, target - coverage), over their number. */
  readonly underCoverage: number;
  readonly meanSize: number;
  /** The share of rows with an empty set. */
  readonly empty: number;
  /** Shape [C]; null for a class without rows. */
  readonly perClass: readonly (number | null)[];
}

/** By true class, shape [C]: its rows, those covered, the sizes of their sets, those empty. */
export type CoverageSums = Sums<'rows' | 'covered' | 'sizes' | 'empties'>;

export function emptyCoverage(numClasses: number): CoverageSums {
  const zeros = () => new Float64Array(numClasses);
  return { rows: zeros(), covered: zeros(), sizes: zeros(), empties: zeros() };
}

/** Adds a row in place. */
export function addSet(
  { rows, covered, sizes, empties }: CoverageSums,
  { label, isCovered, size }: { label: number; isCovered: boolean; size: number },
): void {
  rows[label]! += 1;
  sizes[label]! += size;
  if (isCovered) covered[label]! += 1;
  if (size === 0) empties[label]! += 1;
}

/** @throws InputError outside [0, 1] */
export function checkTarget({ target, low }: { target: number; low: number }): void {
  checkNumbers({ target }, { least: 0, most: 1 });
  checkNumbers({ low }, { least: 0, most: 1 });
}

/**
 * @param covered 1 where the row's set holds its true class, else 0, shape [N]
 * @param sizes number of classes in the row's set, shape [N]
 * @param labels shape [N]
 * @param options.target the coverage that was aimed at, 1 - alpha; default .9
 * @param options.low default half of the target (the paper's code: .5)
 * @throws InputError for other lengths, or naming the first row that does not fit
 * @example
 * coverageOfSets([1, 0], [2, 0], [0, 1], { numClasses: 2 }); // marginal .5, macro .5, below .5, meanSize 1, empty .5, ...
 */
export function coverageOfSets(
  covered: ArrayLike<number | boolean>,
  sizes: ArrayLike<number>,
  labels: LabelList,
  options: { numClasses: number; target?: number; low?: number },
): Coverage {
  const { numClasses, target = 0.9, low = target / 2 } = checkOptions(options, { of: 'coverageOfSets' });
  checkPlaces({ numClasses });
  checkTarget({ target, low });
  checkLists({ covered, sizes });
  const truth = asLabels(labels, { numClasses });
  if (covered.length !== truth.length || sizes.length !== truth.length)
    throw new InputError(
      `coverageOfSets needs a set a label, but got ${covered.length} and ${sizes.length} for ${truth.length}.`,
    );
  const sums = emptyCoverage(numClasses);
  truth.forEach((label, row) => {
    const [is, size]: [unknown, number] = [covered[row], sizes[row]!];
    const isCovered = is === 1 || is === true;
    if (!isCovered && is !== 0 && is !== false)
      throw new InputError(`covered must hold 0 or 1, but row ${row} has ${shown(is)}.`, { row });
    if (!(Number.isInteger(size) && size >= Number(isCovered) && size <= numClasses))
      throw new InputError(
        `sizes must be from ${Number(isCovered)} to ${numClasses} where covered is ${Number(isCovered)}, but row ${row} has ${shown(size)}.`,
        { row },
      );
    addSet(sums, { label, isCovered, size });
  });
  return coverageOf(sums, { target, low });
}

export function coverageOf(
  { rows, covered, sizes, empties }: CoverageSums,
  { target, low }: { target: number; low: number },
): Coverage {
  const perClass = Array.from(covered, (n, c) => (rows[c]! > 0 ? n / rows[c]! : null));
  const known = perClass.filter((coverage) => coverage !== null);
  if (known.length === 0) throw new InputError('coverage needs at least one row, but got none.');
  return {
    marginal: total(covered) / total(rows),
    macro: mean(known)!,
    below: known.filter((coverage) => coverage < low).length / known.length,
    underCoverage: mean(known.map((coverage) => Math.max(0, target - coverage)))!,
    meanSize: total(sizes) / total(rows),
    empty: total(empties) / total(rows),
    perClass,
  };
}
