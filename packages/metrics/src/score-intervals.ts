/**
 * How sure the scores of one method are, as far as the test rows tell: BCa intervals of a bootstrap stratified by class. Of rows that are
 * all hit, or all missed, every resample is the same; their interval is Wilson's, of as many rows of one weight as tell as much,
 * n = (sum_i w_i)^2 / sum_i w_i^2 (Kish 1965): [0, z^2 / (n + z^2)], or 1 less that.
 */
import { checkOptions, type LabelList } from '@longtail/core';
import { weighedBootstrap } from './bootstrap.ts';
import { type BootstrapOptions, bootstrapOptions } from './bootstrap-options.ts';
import { type Cells, cellsOf } from './cells.ts';
import type { GroupRule } from './groups.ts';
import type { Interval } from './interval.ts';
import { linearBootstrap } from './linear-bootstrap.ts';
import { macroF1 } from './macro-f1.ts';
import { asPredictions } from './predictions.ts';
import { type AccuracyRecord, byColumn, contributions, testRows } from './score-columns.ts';
import { wilsonOf } from './wilson.ts';

export interface ScoreInterval extends Interval {
  readonly value: number;
  readonly standardError: number;
}

export interface ScoreIntervals extends AccuracyRecord<ScoreInterval> {
  readonly macroF1: ScoreInterval;
}

/** Shape [C], of weights that sum up to 1 over all rows. */
function rowsOfOneWeight(weights: Float64Array, truth: Int32Array): number {
  return 1 / truth.reduce((sum, label) => sum + weights[label]! ** 2, 0);
}

/** 0 or 1 where that is the outcome of every row with a weight. */
function outcomeOfAll({ strata, outcomes }: Cells, weights: Float64Array): 0 | 1 | undefined {
  const found = new Set(outcomes.filter((_, cell) => weights[strata[cell]!]! > 0));
  return found.size === 1 ? ([...found][0] as 0 | 1) : undefined;
}

/**
 * @param predictions class of each test image, shape [N]
 * @param labels its true class, shape [N]
 * @param trainCounts n_c of the TRAINING set, shape [C]
 * @returns an interval for each score that {@link evaluate} gives; null for a group without test images
 * @throws InputError as {@link evaluate}, or when an option is out of its range
 * @example
 * scoreIntervals(predictions, labels, trainCounts).few; // { value: 0.31, low: 0.28, high: 0.34, standardError: 0.015 }
 */
export function scoreIntervals(
  predictions: LabelList,
  labels: LabelList,
  trainCounts: ArrayLike<number>,
  options: BootstrapOptions & { groupRule?: GroupRule } = {},
): ScoreIntervals {
  const { groupRule = 'official' } = checkOptions(options, { of: 'scoreIntervals' });
  const drawing = bootstrapOptions(options, 'scoreIntervals');
  const { numClasses, truth, strata, columns } = testRows(labels, trainCounts, { groupRule });
  const predicted = asPredictions(predictions, truth, { numClasses, name: 'predictions' });
  const hits = cellsOf(
    strata,
    truth.map((label, i) => Number(predicted[i] === label)),
  );
  const accuracies = linearBootstrap(contributions(hits, columns, [0, 1]), hits, drawing);
  const cells = cellsOf(truth, predicted);
  const f1 = weighedBootstrap((drawn) => macroF1(drawn, cells.outcomes, numClasses), cells, drawing);
  const [macro, ...found] = [f1, ...accuracies].map(({ value, low, high, standardError }, i) => {
    const weights = columns[i - 1]?.weights;
    const alike = weights && outcomeOfAll(hits, weights);
    if (alike === undefined) return { value, low, high, standardError };
    const rows = rowsOfOneWeight(weights!, truth);
    return { value, ...wilsonOf(alike * rows, rows, drawing.confidence), standardError };
  });
  return { ...byColumn(columns, found), macroF1: macro! };
}
