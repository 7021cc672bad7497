/**
 * Two methods on the same test rows. A resample draws rows with what both say of them: rows that both get right, or both wrong, then
 * add nothing to the error of the difference, which is two to three times as small as that of two test sets.
 */
import { checkOptions, type LabelList } from '@longtail/core';
import { type BootstrapOptions, bootstrapOptions } from './bootstrap-options.ts';
import { cellsOf } from './cells.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { GroupRule } from './groups.ts';
import { linearBootstrap } from './linear-bootstrap.ts';
import { type McNemar, mcnemar } from './mcnemar.ts';
import { orientation, turned } from './orientation.ts';
import { GAINS, outcomesOf } from './outcomes.ts';
import { asPredictions } from './predictions.ts';
import { type AccuracyRecord, byColumn, contributions, testRows } from './score-columns.ts';
import { rowsOfOneWeight, withUnvaried } from './unvaried.ts';
import { weightedMcnemar } from './weighted-mcnemar.ts';

export interface MethodComparison extends AccuracyRecord<Difference> {
  /** Of all rows. */
  readonly mcnemar: McNemar;
}

/**
 * The first method's accuracies less the second's: intervals by a stratified paired bootstrap (BCa), p-values and verdicts by McNemar's
 * mid-p test, in a column where rows differ in weight by random exchanges.
 *
 * @param first predicted class of each test image, shape [N]
 * @param second the other method's, of the same images in the same order, shape [N]
 * @param labels true class, shape [N]
 * @param trainCounts n_c of the TRAINING set, shape [C]
 * @returns null for a group without test images; exchanged methods give the negative, and the order of rows is no matter
 * @throws InputError when lengths differ, a class is outside [0, C), or an option is out of its range
 * @example
 * const { few, mcnemar } = compareMethods(crt, joint, labels, trainCounts);
 * few; // { difference: 0.12, low: 0.08, high: 0.16, p: 0.0005, verdict: 'better', detectable: 0.057, ... }
 */
export function compareMethods(
  first: LabelList,
  second: LabelList,
  labels: LabelList,
  trainCounts: ArrayLike<number>,
  options: BootstrapOptions & { groupRule?: GroupRule } = {},
): MethodComparison {
  const { groupRule = 'official' } = checkOptions(options, { of: 'compareMethods' });
  const drawing = bootstrapOptions(options, 'compareMethods');
  const { numClasses, truth, strata, columns } = testRows(labels, trainCounts, { groupRule });
  const [one, other] = [
    asPredictions(first, truth, { numClasses, name: 'first' }),
    asPredictions(second, truth, { numClasses, name: 'second' }),
  ];
  const outcomes = outcomesOf(one, other, truth);
  const { cells, sign } = orientation(
    cellsOf(strata, outcomes),
    cellsOf(strata, outcomesOf(other, one, truth)),
  );
  const gains = contributions(cells, columns, GAINS);
  const known = { columns, contributions: gains, confidence: drawing.confidence, isDifference: true };
  const estimates = withUnvaried(linearBootstrap(gains, cells, drawing), cells, known);
  const differences = estimates.map((estimate, i) => {
    const p = weightedMcnemar(cells, gains[i]!, drawing);
    const rows = rowsOfOneWeight(cells, columns[i]!);
    return differenceOf(turned(estimate, sign), { ...drawing, p, rows });
  });
  const only = (which: number) => outcomes.reduce((sum, outcome) => sum + Number(outcome === which), 0);
  return { ...byColumn(columns, differences), mcnemar: mcnemar(only(1), only(2)) };
}
