/** The scores of long-tailed recognition (section 5.1; the official code's shot_acc and F_measure). */
import { asCounts, checkCounts, checkOptions, InputError, type LabelList } from '@longtail/core';
import { type GroupRule, type Rule, ruleOf } from './groups.ts';
import { checkTally, countPairs, type PairCounts, type Tally } from './tally.ts';

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
  const groups = { rule: ruleOf(groupRule), trainCounts: checkedCounts(trainCounts) };
  const numClasses = trainCounts.length;
  const counts = countPairs(predictions, labels, { numClasses, of: 'evaluate' });
  return scoresIn(groups, { counts, groupRule });
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
  const groups = { rule: ruleOf(groupRule), trainCounts: checkedCounts(trainCounts) };
  checkTally(counts);
  if (counts.hits.length !== trainCounts.length)
    throw new InputError(
      `scoresOf needs a count a class, but got ${trainCounts.length} for the ${counts.hits.length} of the tally.`,
    );
  return scoresIn(groups, { counts, groupRule });
}

interface Grouping {
  readonly rule: Rule;
  readonly trainCounts: Float64Array | Int32Array;
}

/** Without a copy of what integers hold. */
function checkedCounts(counts: ArrayLike<number>): Grouping['trainCounts'] {
  if (!(counts instanceof Int32Array)) return asCounts(counts);
  checkCounts(counts);
  return counts;
}

/**
 * All in one pass, which takes half as long as a pass for each score. Sums that begin as parts of a list, `let [a, b] = [0, 0]`, take
 * V8 a fifth longer.
 */
function scoresIn(
  { rule: { isMany, isFew }, trainCounts }: Grouping,
  { counts: { support, chosen, hits }, groupRule }: { counts: Tally | PairCounts; groupRule: GroupRule },
): Scores {
  const { length } = support;
  const perClass = new Array<number | null>(length).fill(Number.NaN); // a list of doubles, as long as no null comes among them
  let rows = 0;
  let right = 0;
  let f1s = 0;
  let occurring = 0;
  let recalls = 0;
  let manySum = 0;
  let mediumSum = 0;
  let fewSum = 0;
  let many = 0;
  let medium = 0;
  let few = 0;
  for (let c = 0; c < length; c++) {
    const own = support[c]!;
    const hit = hits[c]!;
    const both = own + chosen[c]!;
    if (both > 0) {
      f1s += (2 * hit) / both;
      occurring = (occurring + 1) | 0;
    }
    const recall = hit / own;
    perClass[c] = recall;
    if (own === 0) continue;
    rows += own;
    right += hit;
    recalls += recall;
    const n = trainCounts[c]!;
    if (isMany(n)) {
      manySum += recall;
      many = (many + 1) | 0;
    } else if (isFew(n)) {
      fewSum += recall;
      few = (few + 1) | 0;
    } else {
      mediumSum += recall;
      medium = (medium + 1) | 0;
    }
  }
  const withRows = many + medium + few;
  if (withRows < length) for (let c = 0; c < length; c++) if (support[c] === 0) perClass[c] = null;
  return {
    all: right / rows,
    many: many > 0 ? manySum / many : null,
    medium: medium > 0 ? mediumSum / medium : null,
    few: few > 0 ? fewSum / few : null,
    meanOfClasses: recalls / withRows,
    macroF1: f1s / occurring,
    groupRule,
    perClass,
  };
}
