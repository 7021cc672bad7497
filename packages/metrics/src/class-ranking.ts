/**
 * Average precision and AUROC of each class against all others, and their means (macro, one-versus-rest). Exact: it needs
 * all scores, N C of them, and sorts one class's at a time. Over chunks see ranking-histogram.ts.
 */
import { checkOptions, type LabelList } from '@longtail/core';
import { mean } from './mean.ts';
import { type Ranking, rankingOf } from './ranking.ts';
import { asRows } from './scores.ts';

export interface ClassRanking {
  /** Means over the classes that have one. */
  readonly macro: Ranking;
  /** Shape [C]; null for a class without rows (AUROC: or with all of them). */
  readonly perClass: readonly Ranking[];
}

/**
 * @param scores row by row, shape [N, C]; a class's column is ranked, so take probabilities and not logits (a softmax
 *   divides by the row's sum, which changes the order within a column)
 * @param labels shape [N]
 * @throws InputError for a NaN, naming its row, and wrong labels
 * @example
 * classRanking([0.9, 0.1, 0.4, 0.6], [0, 1], { numClasses: 2 }).macro; // { auroc: 1, averagePrecision: 1 }
 */
export function classRanking(
  scores: ArrayLike<number>,
  labels: LabelList,
  options: { numClasses: number },
): ClassRanking {
  const { numClasses } = checkOptions(options, { of: 'classRanking' });
  const rows = asRows({ scores, labels }, { numClasses });
  const column = new Float64Array(rows.labels.length);
  const perClass = Array.from({ length: numClasses }, (_, c) => {
    const positives: number[] = [];
    rows.labels.forEach((label, row) => {
      column[row] = scores[row * numClasses + c]!;
      if (label === c) positives.push(column[row]!);
    });
    return rankingOf(column.sort(), Float64Array.from(positives).sort());
  });
  const macro = {
    auroc: mean(perClass.map(({ auroc }) => auroc)),
    averagePrecision: mean(perClass.map(({ averagePrecision }) => averagePrecision)),
  };
  return { macro, perClass };
}
