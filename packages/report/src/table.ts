/** The table of a paper: a line a row of the results, grouped by representation; many, medium, few, all in percent. */
import { chosenText, classifierName, isBest, percent } from './format.ts';
import type { Results } from './results.ts';
import { bestOfColumn, SCORE_COLUMNS, samplersOf } from './selection.ts';

export interface Cell {
  /** Percent with one decimal; `–` where there is none. */
  readonly text: string;
  readonly isBest: boolean;
}

export interface Line {
  readonly sampler: string;
  /** With what was chosen: `τ-norm (tau 0.7)`. */
  readonly classifier: string;
  /** In the order of `SCORE_COLUMNS`. */
  readonly cells: readonly Cell[];
}

export function tableOf(results: Results): Line[] {
  const best = SCORE_COLUMNS.map((column) => bestOfColumn(results, column));
  return samplersOf(results).flatMap((sampler) =>
    results.rows
      .filter((row) => row.sampler === sampler)
      .map(({ classifier, chosen, scores }) => {
        const how = chosenText(chosen);
        const cells = SCORE_COLUMNS.map((column, i) => ({
          text: percent(scores[column]),
          isBest: isBest(scores[column], best[i]),
        }));
        return { sampler, classifier: `${classifierName(classifier)}${how && ` (${how})`}`, cells };
      }),
  );
}
