/** The scores of long-tailed recognition (section 5.1; the official code's shot_acc and F_measure). */
import { asLabels, checkOptions, InputError, type LabelList } from '@longtail/core';
import { classGroups, type GroupRule } from './groups.ts';

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

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
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
  const predicted = asLabels(predictions, { numClasses, name: 'predictions' });
  const truth = asLabels(labels, { numClasses });
  if (predicted.length !== truth.length)
    throw new InputError(
      `evaluate needs a prediction a label, but got ${predicted.length} for ${truth.length}.`,
    );
  const [support, chosen, hits] = [
    new Int32Array(numClasses),
    new Int32Array(numClasses),
    new Int32Array(numClasses),
  ];
  for (let i = 0; i < truth.length; i++) {
    support[truth[i]!]! += 1;
    chosen[predicted[i]!]! += 1;
    if (truth[i] === predicted[i]) hits[truth[i]!]! += 1;
  }
  const perClass = Array.from(hits, (hit, c) => (support[c] ? hit / support[c]! : null));
  const f1 = Array.from(hits, (hit, c) =>
    support[c]! + chosen[c]! ? (2 * hit) / (support[c]! + chosen[c]!) : null,
  );
  const group = (classes: readonly number[]) => mean(classes.map((c) => perClass[c]!));
  return {
    all: hits.reduce((a, b) => a + b, 0) / truth.length,
    many: group(groups.many),
    medium: group(groups.medium),
    few: group(groups.few),
    meanOfClasses: mean(perClass)!,
    macroF1: mean(f1)!,
    groupRule,
    perClass,
  };
}
