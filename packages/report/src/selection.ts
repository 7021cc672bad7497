/** The rows that the findings, the summary and the charts speak of. */
import type { Results, Row } from './results.ts';

export const INSTANCE_BALANCED = 'instance-balanced';

export const SCORE_COLUMNS = ['many', 'medium', 'few', 'all'] as const;
export type ScoreColumn = (typeof SCORE_COLUMNS)[number];

/** Representation samplers, in the order of the rows. */
export function samplersOf(results: Pick<Results, 'rows'>): string[] {
  return [...new Set(results.rows.map((row) => row.sampler))];
}

/** Classifiers, in the order of the rows. */
export function classifiersOf(results: Results): string[] {
  return [...new Set(results.rows.map((row) => row.classifier))];
}

/** The natural representation where there is one, else the first. */
export function referenceSampler(results: Pick<Results, 'rows'>): string | undefined {
  const samplers = samplersOf(results);
  return samplers.find((sampler) => sampler === INSTANCE_BALANCED) ?? samplers[0];
}

export function jointRow(results: Results, sampler: string | undefined): Row | undefined {
  return results.rows.find((row) => row.sampler === sampler && row.classifier === 'joint');
}

/** Of Table 1, rows whose backbone moves in stage 2. */
const RETRAINED = ['last-block', 'whole', 'whole-0.1lr'];

/** Classifiers learned, or computed, after the representation and on it: every one but the joint head. */
export function rebalancedRows(results: Pick<Results, 'rows'>, sampler: string | undefined): Row[] {
  const others = ['joint', ...RETRAINED];
  return results.rows.filter((row) => row.sampler === sampler && !others.includes(row.classifier));
}

/** The row of the highest overall accuracy; the first of equals. */
export function bestRow(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>(
    (best, row) => (best && best.scores.all >= row.scores.all ? best : row),
    undefined,
  );
}

/** The highest value of a column over all rows; null where the column is empty. */
export function bestOfColumn(results: Results, column: ScoreColumn): number | null {
  const values = results.rows.map((row) => row.scores[column]).filter((value) => value !== null);
  return values.reduce<number | null>((best, value) => Math.max(best ?? value, value), null);
}
