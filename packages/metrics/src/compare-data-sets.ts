/**
 * Several methods over several data sets, as J. Demsar, JMLR 7 (2006) has it: Friedman's test of all, mean ranks with Nemenyi's critical
 * difference, and each pair by Wilcoxon's signed ranks with Holm's adjustment.
 */
import { checkOptions } from '@longtail/core';
import { criticalDifference } from './critical-difference.ts';
import { type AdjustedVerdict, adjusted } from './difference.ts';
import { checkScores, type Friedman, friedman } from './friedman.ts';
import { checkConfidence } from './interval.ts';
import { wilcoxon } from './wilcoxon.ts';

export interface MethodPair extends AdjustedVerdict {
  /** Columns of the scores, first < second. */
  readonly first: number;
  readonly second: number;
  /** The mean over data sets of the first's score less the second's. */
  readonly difference: number;
  readonly p: number;
}

export interface DataSetsComparison {
  readonly friedman: Friedman;
  readonly criticalDifference: number;
  readonly pairs: readonly MethodPair[];
}

/**
 * @param scores higher is better, shape [N][k], k >= 3; one row a data set, one column a method
 * @throws InputError as {@link friedman}
 * @example
 * const { friedman, pairs } = compareDataSets([[0.7, 0.6, 0.5], [0.8, 0.7, 0.75], [0.4, 0.35, 0.3]]);
 */
export function compareDataSets(
  scores: readonly (readonly number[])[],
  options: { confidence?: number } = {},
): DataSetsComparison {
  const { confidence = 0.95 } = checkOptions(options, { of: 'compareDataSets' });
  checkConfidence(confidence);
  checkScores(scores, { least: 3 });
  const [dataSets, methods] = [scores.length, scores[0]!.length];
  const column = (j: number) => scores.map((row) => row[j]!);
  const pairs = Array.from({ length: methods }, (_, first) =>
    Array.from({ length: methods - 1 - first }, (_, i) => {
      const second = first + 1 + i;
      const gains = column(first).map((score, at) => score - scores[at]![second]!);
      const difference = gains.reduce((a, b) => a + b, 0) / dataSets;
      return { first, second, difference, p: wilcoxon(column(first), column(second)).p };
    }),
  ).flat();
  return {
    friedman: friedman(scores),
    criticalDifference: criticalDifference({ methods, dataSets, confidence }),
    pairs: adjusted(pairs, { confidence }),
  };
}
