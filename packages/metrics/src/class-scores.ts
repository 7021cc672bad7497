/** Scores of each class: recall TP / (TP + FN), precision TP / (TP + FP), F1 = 2 TP / (2 TP + FP + FN). */
import { checkTally, type Tally } from './tally.ts';

export interface ClassScore {
  /** Rows of the class. */
  readonly support: number;
  /** Rows predicted to be of it. */
  readonly chosen: number;
  /** Also called the class's accuracy; null for a class without rows. */
  readonly recall: number | null;
  /** Null for a class that was never predicted (scikit-learn says 0 there by default). */
  readonly precision: number | null;
  /** Null for a class that occurs neither among labels nor predictions. */
  readonly f1: number | null;
}

/**
 * @returns one a class, shape [C]
 * @throws InputError unless it is a tally of at least one row
 * @example
 * classScores(tally([0, 1, 1], [0, 1, 0], { numClasses: 2 }))[1]; // support 1, chosen 2, recall 1, precision .5, f1 .667
 */
export function classScores(counts: Tally): ClassScore[] {
  const [recalls, f1s] = [classRecalls(counts), classF1s(counts)];
  return Array.from(counts.hits, (hit, c) => {
    const [support, chosen] = [counts.support[c]!, counts.chosen[c]!];
    const precision = chosen > 0 ? hit / chosen : null;
    return { support, chosen, recall: recalls[c]!, precision, f1: f1s[c]! };
  });
}

/** Recall of each class, shape [C]; null without rows. @throws InputError as {@link classScores} */
export function classRecalls(counts: Tally): (number | null)[] {
  checkTally(counts);
  const { support, hits } = counts;
  // Of its length from the start: a list that grows takes three times as long, and the collector stops it.
  const recalls = new Array<number | null>(hits.length);
  for (let c = 0; c < hits.length; c++) recalls[c] = support[c]! > 0 ? hits[c]! / support[c]! : null;
  return recalls;
}

/** F1 of each class, shape [C]; null where it occurs nowhere. @throws InputError as {@link classScores} */
export function classF1s(counts: Tally): (number | null)[] {
  checkTally(counts);
  const { support, chosen, hits } = counts;
  const f1s = new Array<number | null>(hits.length);
  for (let c = 0; c < hits.length; c++) {
    const rows = support[c]! + chosen[c]!;
    f1s[c] = rows > 0 ? (2 * hits[c]!) / rows : null;
  }
  return f1s;
}
