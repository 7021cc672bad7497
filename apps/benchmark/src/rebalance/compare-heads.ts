/**
 * Every head beside one of them on the same test rows, by the score that the leaderboard goes by; verdicts are Holm's over all of them.
 * Of heads that were fitted by fewer than five seeds the first one is compared: so few do not tell how much seeds vary.
 */
import {
  type AdjustedVerdict,
  adjusted,
  compareMethods,
  compareSeeds,
  type Difference,
  type GroupRule,
  scoreIntervals,
} from '@longtail/metrics';

export type HeadDifference = Difference & AdjustedVerdict;

export interface TestedHeads {
  /** By the heads' names, of each seed, of one where nothing is drawn: the class of each test row, [N]. */
  readonly predictions: ReadonlyMap<string, readonly Int32Array[]>;
  /** True classes, [N]. */
  readonly labels: Int32Array;
  /** n_c of the training rows, [C]. */
  readonly counts: ArrayLike<number>;
  /** Compared are the means of the classes' accuracies, or those of rows where the prior is that of the training rows. */
  readonly metric: 'meanOfClasses' | 'all';
  readonly groupRule: GroupRule;
}

/** Of the score that heads are compared by, 95 %. */
export function intervalOf(
  { labels, counts, metric, groupRule }: TestedHeads,
  classes: Int32Array,
  { seed }: { seed: number },
): { readonly low: number; readonly high: number } {
  const { low, high } = scoreIntervals(classes, labels, counts, { groupRule, seed })[metric]!;
  return { low, high };
}

function differenceOf(
  first: readonly Int32Array[],
  second: readonly Int32Array[],
  { labels, counts, metric, groupRule }: TestedHeads,
  seed: number,
): Difference {
  const seeds = Math.max(first.length, second.length);
  const each = (own: readonly Int32Array[]) => Array.from({ length: seeds }, (_, i) => own[i % own.length]!);
  const several = compareSeedsOf(each(first), each(second));
  return several ?? compareMethods(first[0]!, second[0]!, labels, counts, { groupRule, seed })[metric]!;

  function compareSeedsOf(one: Int32Array[], other: Int32Array[]): Difference | null {
    if (seeds === 1) return null;
    return compareSeeds(one, other, labels, counts, { groupRule, seed })[metric]!.difference;
  }
}

/** @returns in the order of the predictions; the reference's own difference is 0 */
export function compareHeads(
  tested: TestedHeads,
  { reference, seed }: { reference: string; seed: number },
): HeadDifference[] {
  const { predictions } = tested;
  const found = [...predictions].map(([name, classes]) => ({
    name,
    ...differenceOf(classes, predictions.get(reference)!, tested, seed),
  }));
  const others = adjusted(found.filter(({ name }) => name !== reference));
  // Of a head beside itself there is no doubt, as there is of another that answers alike.
  const own = found
    .filter(({ name }) => name === reference)
    .map((one) => ({ ...one, low: 0, high: 0, detectable: 0, adjusted: 1 }));
  const of = new Map([...others, ...own].map(({ name, ...difference }) => [name, difference]));
  return found.map(({ name }) => of.get(name)!);
}
