/** Scores of parts of the test set, by the values of any column about its rows: place, camera, year, a cluster. */
import { checkLists, checkOptions, InputError, type LabelList, shown } from '@longtail/core';
import { evaluate, type Scores } from './evaluate.ts';
import type { GroupRule } from './groups.ts';

type Value = string | number | bigint | boolean | null;

export interface Slice<V extends Value> {
  readonly value: V;
  /** Positions of its rows, ascending. */
  readonly rows: Int32Array;
}

/**
 * @param column a value a row, shape [N]
 * @returns the values in order of their first row, each with its rows
 * @throws InputError for a value that is NaN or no string, number, bigint, boolean or null
 * @example
 * slicesOf(['day', 'night', 'day']); // [{ value: 'day', rows: [0, 2] }, { value: 'night', rows: [1] }]
 */
export function slicesOf<V extends Value>(column: ArrayLike<V>): Slice<V>[] {
  checkLists({ column });
  const rows = new Map<V, number[]>();
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (value !== null && (!/string|number|bigint|boolean/.test(typeof value) || Number.isNaN(value)))
      throw new InputError(
        `a column must hold texts, numbers, booleans or null, but row ${i} is ${shown(value)}.`,
      );
    const own = rows.get(value);
    if (own) own.push(i);
    else rows.set(value, [i]);
  }
  return Array.from(rows, ([value, own]) => ({ value, rows: Int32Array.from(own) }));
}

/**
 * {@link evaluate} of each slice; whatever else takes rows is measured by {@link slicesOf} in the same way.
 *
 * @param options.by a value a row, shape [N]
 * @throws InputError as {@link evaluate} and {@link slicesOf}, and when the column is of another length
 */
export function evaluateSlices<V extends Value>(
  predictions: LabelList,
  labels: LabelList,
  trainCounts: ArrayLike<number>,
  options: { by: ArrayLike<V>; groupRule?: GroupRule },
): (Slice<V> & { readonly scores: Scores })[] {
  const { by, groupRule = 'official' } = checkOptions(options, { of: 'evaluateSlices' });
  const slices = slicesOf(by);
  evaluate(predictions, labels, trainCounts, { groupRule });
  if (by.length !== labels.length)
    throw new InputError(`by must hold a value a row, but holds ${by.length} for ${labels.length} rows.`);
  const at = (list: LabelList, rows: Int32Array) => Array.from(rows, (row) => Number(list[row]));
  return slices.map(({ value, rows }) => ({
    value,
    rows,
    scores: evaluate(at(predictions, rows), at(labels, rows), trainCounts, { groupRule }),
  }));
}
