/** The scores of long-tailed recognition (section 5.1; the official code's shot_acc and F_measure). */
import { checkOptions, InputError, type LabelList } from '@longtail/core';
import { accuracy, macroF1 } from './averages.ts';
import { classRecalls } from './class-scores.ts';
import { classGroups, type GroupRule, type Groups } from './groups.ts';
import { mean, meanAt } from './mean.ts';
import { asPairs, checkTally, type Tally, tallyPairs } from './tally.ts';

/** Accuracies are in 0..1. A group or class without test images has none: null, never 0. */
export interface Scores {
  /** Top-1 over all test images. */
  readonly all: number;
  /** The mean of the accuracies of the group's classes. */
  readonly many: number | null;
  readonly medium: number | null;
  readonly few: number | null;
  /** The mean of all classes' accuracies: what the official tau script calls "All". */
  readonly meanOfClasses: number;
  /** The mean of F1 over the classes that occur among labels or predictions. */
  readonly macroF1: number;
  readonly groupRule: GroupRule;
  readonly perClass: readonly (number | null)[];
}

/**
 * @param predictions class of each test image, shape [N]
 * @param labels its true class, shape [N]
 * @param trainCounts n_c of the TRAINING set, shape [C]
 * @throws InputError when lengths differ, a class is outside [0, C), or a count is not an integer >= 0: it names which
 * @example
 * evaluate([0, 1, 1], [0, 1, 0], [500, 5]); // { all: 0.667, many: 0.5, medium: null, few: 1, ... }
 */
export function evaluate(
  predictions: LabelList,
  labels: LabelList,
  trainCounts: ArrayLike<number>,
  options: { groupRule?: GroupRule } = {},
): Scores {
  const { groupRule = 'official' } = checkOptions(options, { of: 'evaluate' });
  const groups = classGroups(trainCounts, { groupRule });
  const numClasses = trainCounts.length;
  const pairs = asPairs(predictions, labels, { numClasses, of: 'evaluate' });
  return scoresIn(groups, { counts: tallyPairs(pairs, { numClasses }), groupRule });
}

/**
 * {@link evaluate} of what has been counted already: chunks by {@link tallyOver}, shards by {@link mergeSums}.
 *
 * @throws InputError when the tally is not of as many classes as there are counts, or holds no row; else as {@link evaluate}
 */
export function scoresOf(
  counts: Tally,
  trainCounts: ArrayLike<number>,
  options: { groupRule?: GroupRule } = {},
): Scores {
  const { groupRule = 'official' } = checkOptions(options, { of: 'scoresOf' });
  const groups = classGroups(trainCounts, { groupRule });
  checkTally(counts);
  if (counts.hits.length !== trainCounts.length)
    throw new InputError(
      `scoresOf needs a count a class, but got ${trainCounts.length} for the ${counts.hits.length} of the tally.`,
    );
  return scoresIn(groups, { counts, groupRule });
}

function scoresIn(
  { many, medium, few }: Groups,
  { counts, groupRule }: { counts: Tally; groupRule: GroupRule },
): Scores {
  const perClass = classRecalls(counts);
  return {
    all: accuracy(counts),
    many: meanAt(perClass, many),
    medium: meanAt(perClass, medium),
    few: meanAt(perClass, few),
    meanOfClasses: mean(perClass)!,
    macroF1: macroF1(counts),
    groupRule,
    perClass,
  };
}
