/**
 * Several methods over several data sets, as J. Demsar, JMLR 7 (2006) has it: Friedman's test of all, mean ranks with Nemenyi's critical
 * difference, and each pair by Wilcoxon's signed ranks with Holm's adjustment. Ranks and the mean may point to different methods, as where
 * many small gains stand against one large loss: which of both is better then depends on what counts, and the pair is undecided.
 */
import { checkOptions } from '@longtail/core';
import { criticalDifference } from './critical-difference.ts';
import { type AdjustedVerdict, adjusted, type Verdict } from './difference.ts';
import { checkScores, type Friedman, friedman } from './friedman.ts';
import { checkConfidence } from './interval.ts';
import { ranks } from './ranks.ts';
import { wilcoxon } from './wilcoxon.ts';

export interface MethodPair extends AdjustedVerdict {
  /** Columns of the scores, first < second. */
  readonly first: number;
  readonly second: number;
  /** By Wilcoxon's test; undecided, too, where ranks and mean have different signs. */
  readonly verdict: Verdict;
  /** The mean over data sets of the first's score less the second's. */
  readonly difference: number;
  readonly p: number;
}

export interface DataSetsComparison {
  readonly friedman: Friedman;
  readonly criticalDifference: number;
  readonly pairs: readonly MethodPair[];
}

/** Of the sum of the ranks of gains less that of losses. */
function signOfRanks(gains: readonly number[]): number {
  const kept = gains.filter((gain) => gain !== 0);
  const rank = ranks(kept.map(Math.abs));
  return Math.sign(kept.reduce((sum, gain, i) => sum + Math.sign(gain) * rank[i]!, 0));
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
  const gainsOf = (first: number, second: number) => scores.map((row) => row[first]! - row[second]!);
  const pairs = Array.from({ length: methods }, (_, first) =>
    Array.from({ length: methods - 1 - first }, (_, i) => {
      const second = first + 1 + i;
      const difference = gainsOf(first, second).reduce((a, b) => a + b, 0) / dataSets;
      return { first, second, difference, p: wilcoxon(column(first), column(second)).p };
    }),
  ).flat();
  return {
    friedman: friedman(scores),
    criticalDifference: criticalDifference({ methods, dataSets, confidence }),
    pairs: adjusted(pairs, { confidence }).map((pair) => {
      const agree = signOfRanks(gainsOf(pair.first, pair.second)) === Math.sign(pair.difference);
      return agree ? pair : { ...pair, verdict: 'undecided' };
    }),
  };
}
