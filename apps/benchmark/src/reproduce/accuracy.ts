/** The columns of most tables, many, medium, few and all, and what is published of them. */
import { PUBLISHED, SCORE_COLUMNS } from '@longtail/report/results';
import { type Column, type PublishedNumbers, rowKey } from './experiment.ts';

export const ACCURACY: readonly Column[] = SCORE_COLUMNS.map((name) => ({
  name,
  isShare: true,
  of({ rows }, { sampler, classifier }) {
    const scores = rows.find((row) => row.sampler === sampler && row.classifier === classifier)?.scores;
    return { value: scores?.[name] ?? null, interval: scores?.intervals?.[name] };
  },
}));

/** Of the recipe as the paper trains it. */
export function publishedAccuracy(recipe: string): PublishedNumbers | undefined {
  const found = PUBLISHED.find((one) => one.recipe === recipe);
  if (!found) return undefined;
  const rows = found.rows.map(([sampler, classifier, ...percents]): [string, (number | null)[]] => [
    rowKey({ variant: '', sampler, classifier }),
    percents.map((percent) => (percent === null ? null : percent / 100)),
  ]);
  return { ...found, rows: new Map(rows) };
}
