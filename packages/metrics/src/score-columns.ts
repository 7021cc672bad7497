/**
 * The scores of a test set by its classes' hits: each accuracy is sum_c w_c hits_c, with w_c = 1/N for all rows, and 1/(G n_c) for the
 * mean of the G classes of a group that have test rows. Classes of one row are drawn together (collapsed strata; W. G. Cochran,
 * Sampling Techniques (1977), 5A.12): as they differ, too, intervals are too wide rather than too narrow.
 */
import { asLabels, classCounts, type LabelList } from '@longtail/core';
import type { Cells } from './cells.ts';
import { classGroups, type GroupRule } from './groups.ts';

export const ACCURACIES = ['all', 'many', 'medium', 'few', 'meanOfClasses'] as const;
export type AccuracyColumn = (typeof ACCURACIES)[number];

export interface AccuracyWeights {
  readonly column: AccuracyColumn;
  /** w_c, shape [C]. */
  readonly weights: Float64Array;
}

/** What scores of test rows are made with. */
export interface TestRows {
  readonly numClasses: number;
  /** True classes, shape [N]. */
  readonly truth: Int32Array;
  /**
   * What a resample draws each row with, shape [N]: its class, and for classes of one row the first such class of their group, since
   * of one row nothing tells how another would have come out. Rows that are drawn together weigh the same in every column.
   */
  readonly strata: Int32Array;
  /** Those that have a test row. */
  readonly columns: readonly AccuracyWeights[];
}

/** @throws InputError for an unknown rule, a count that is no integer >= 0, or a label outside [0, C) */
export function testRows(
  labels: LabelList,
  trainCounts: ArrayLike<number>,
  { groupRule }: { groupRule: GroupRule },
): TestRows {
  const groups = classGroups(trainCounts, { groupRule });
  const numClasses = trainCounts.length;
  const truth = asLabels(labels, { numClasses });
  const rows = classCounts(truth, { numClasses });
  const meanOf = (classes: readonly number[]): Float64Array => {
    const known = classes.filter((c) => rows[c]! > 0);
    const weights = new Float64Array(numClasses);
    for (const c of known) weights[c] = 1 / (known.length * rows[c]!);
    return weights;
  };
  const stratumOf = Int32Array.from(rows.keys());
  for (const group of Object.values(groups) as (readonly number[])[]) {
    const ofOneRow = group.filter((c) => rows[c] === 1);
    for (const c of ofOneRow) stratumOf[c] = ofOneRow[0]!;
  }
  const columns = [
    { column: 'all' as const, weights: new Float64Array(numClasses).fill(1 / truth.length) },
    ...(['many', 'medium', 'few'] as const).map((column) => ({ column, weights: meanOf(groups[column]) })),
    { column: 'meanOfClasses' as const, weights: meanOf([...rows.keys()]) },
  ].filter(({ weights }) => weights.some((w) => w > 0));
  return { numClasses, truth, strata: truth.map((c) => stratumOf[c]!), columns };
}

/** To each column's sum, of a row of each cell, shape [columns][cells]. @param worth of an outcome, in hits */
export function contributions(
  { strata, outcomes }: Cells,
  columns: readonly AccuracyWeights[],
  worth: readonly number[],
): Float64Array[] {
  return columns.map(({ weights }) =>
    Float64Array.from(strata, (c, cell) => weights[c]! * worth[outcomes[cell]!]!),
  );
}

/** Values by column; null for one without a test row. */
export function byColumn<T>(columns: readonly AccuracyWeights[], values: readonly T[]): AccuracyRecord<T> {
  const found = new Map(columns.map(({ column }, i) => [column, values[i]!]));
  return Object.fromEntries(ACCURACIES.map((column) => [column, found.get(column) ?? null])) as never;
}

/** All rows and the mean of all classes are always there. */
export type AccuracyRecord<T> = {
  readonly [K in AccuracyColumn]: K extends 'many' | 'medium' | 'few' ? T | null : T;
};
