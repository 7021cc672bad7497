/**
 * How sure the scores of one method are, as far as the test rows tell: BCa intervals of a bootstrap stratified by class, or where
 * every resample is the same, as of rows that are all missed, Wilson's: see unvaried.ts.
 */
import { checkOptions, type LabelList } from '@longtail/core';
import { weighedBootstrap } from './bootstrap.ts';
import { type BootstrapOptions, bootstrapOptions } from './bootstrap-options.ts';
import { cellsOf } from './cells.ts';
import type { GroupRule } from './groups.ts';
import type { Interval } from './interval.ts';
import { linearBootstrap } from './linear-bootstrap.ts';
import { macroF1 } from './macro-f1.ts';
import { asPredictions } from './predictions.ts';
import { type AccuracyRecord, byColumn, contributions, testRows } from './score-columns.ts';
import { withUnvaried } from './unvaried.ts';

export interface ScoreInterval extends Interval {
  readonly value: number;
  readonly standardError: number;
}

export interface ScoreIntervals extends AccuracyRecord<ScoreInterval> {
  readonly macroF1: ScoreInterval;
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
  const shares = contributions(hits, columns, [0, 1]);
  const drawn = linearBootstrap(shares, hits, drawing);
  const { confidence } = drawing;
  const accuracies = withUnvaried(drawn, hits, {
    columns,
    contributions: shares,
    confidence,
    isDifference: false,
  });
  const cells = cellsOf(truth, predicted);
  const f1 = weighedBootstrap((drawn) => macroF1(drawn, cells.outcomes, numClasses), cells, drawing);
  const [macro, ...found] = [f1, ...accuracies].map(({ value, low, high, standardError }) => ({
    value,
    low,
    high,
    standardError,
  }));
  return { ...byColumn(columns, found), macroF1: macro! };
}
