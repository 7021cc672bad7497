/** What all scores of hard predictions are made from: three counts a class. Tallies of shards are merged by mergeSums. */
import { asLabels, checkObjects, checkOptions, InputError, type LabelList, shown } from '@longtail/core';
import type { Accumulator, Sums } from './accumulator.ts';
import { countKernel } from './count-kernel.ts';
import { asRows, checkPlaces } from './scores.ts';

/**
 * Each of shape [C]: `support`, the rows of the class (TP + FN); `chosen`, those predicted to be of it (TP + FP); `hits`,
 * those that are both (TP).
 */
export type Tally = Sums<'support' | 'chosen' | 'hits'>;

const emptyTally = (numClasses: number): Tally => ({
  support: new Float64Array(numClasses),
  chosen: new Float64Array(numClasses),
  hits: new Float64Array(numClasses),
});

interface Pairs {
  readonly predicted: Int32Array;
  readonly truth: Int32Array;
}

/** Adds to the counts in place. */
function count(
  { support, chosen, hits }: Record<keyof Tally, Float64Array | Int32Array>,
  { predicted, truth }: Pairs,
): void {
  for (let i = 0; i < truth.length; i++) {
    const label = truth[i]!;
    const prediction = predicted[i]!;
    support[label]! += 1;
    chosen[prediction]! += 1;
    if (label === prediction) hits[label]! += 1;
  }
}

/** A tally that is no sum of others yet: what one list holds, integers can count, in half the time. */
export type PairCounts = Record<keyof Tally, Int32Array>;

/**
 * Checks and counts at once, in half the time, into one table: support, then chosen, then hits.
 *
 * @returns whether all are classes; else the counts are worth nothing
 */
function countWithin(table: Int32Array, { predicted, truth }: Pairs, numClasses: number): boolean {
  const { length } = truth;
  const ofChosen = numClasses;
  const ofHits = 2 * numClasses;
  for (let i = 0; i < length; i++) {
    const label = truth[i]!;
    const prediction = predicted[i]!;
    if (label >>> 0 >= numClasses || prediction >>> 0 >= numClasses) return false; // a negative one is beyond all as an unsigned
    table[label] = (table[label]! + 1) | 0;
    table[ofChosen + prediction] = (table[ofChosen + prediction]! + 1) | 0;
    const apart = label ^ prediction;
    const isHit = 1 - ((apart | (0 - apart)) >>> 31); // without a branch, which no processor foresees
    table[ofHits + label] = (table[ofHits + label]! + isHit) | 0;
  }
  return true;
}

/** @throws InputError when lengths differ, or naming the first class outside [0, C) */
export function countPairs(
  predictions: LabelList,
  labels: LabelList,
  { numClasses, of }: { numClasses: number; of: string },
): PairCounts {
  const table = new Int32Array(3 * numClasses);
  const pairs =
    predictions instanceof Int32Array && labels instanceof Int32Array && predictions.length === labels.length
      ? { predicted: predictions, truth: labels }
      : asPairs(predictions, labels, { numClasses, of });
  const isDone = labels.length > 0 && (countKernel(pairs, table) ?? countWithin(table, pairs, numClasses));
  if (!isDone) asPairs(predictions, labels, { numClasses, of }); // says what is wrong
  const part = (i: number): Int32Array => table.subarray(i * numClasses, (i + 1) * numClasses);
  return { support: part(0), chosen: part(1), hits: part(2) };
}

/** Predictions and labels as Int32Arrays of one length. */
export function asPairs(
  predictions: LabelList,
  labels: LabelList,
  { numClasses, of }: { numClasses: number; of: string },
): Pairs {
  const predicted = asLabels(predictions, { numClasses, name: 'predictions' });
  const truth = asLabels(labels, { numClasses });
  if (predicted.length !== truth.length)
    throw new InputError(
      `${of} needs a prediction a label, but got ${predicted.length} for ${truth.length}.`,
    );
  return { predicted, truth };
}

/**
 * @param predictions class of each row, shape [N]
 * @param labels its true class, shape [N]
 * @throws InputError when lengths differ, or naming the first class outside [0, C)
 * @example
 * tally([0, 1, 1], [0, 1, 0], { numClasses: 2 }); // support [2, 1], chosen [1, 2], hits [1, 1]
 */
export function tally(predictions: LabelList, labels: LabelList, options: { numClasses: number }): Tally {
  const { numClasses } = checkOptions(options, { of: 'tally' });
  checkPlaces({ numClasses });
  const { support, chosen, hits } = countPairs(predictions, labels, { numClasses, of: 'tally' });
  return {
    support: new Float64Array(support),
    chosen: new Float64Array(chosen),
    hits: new Float64Array(hits),
  };
}

/** The tally of the largest scores. @throws InputError (of `add`) for a NaN, naming its row, and wrong labels */
export function tallyOver(options: { numClasses: number }): Accumulator<Tally, Tally> {
  const { numClasses } = checkOptions(options, { of: 'tallyOver' });
  checkPlaces({ numClasses });
  return {
    empty: () => emptyTally(numClasses),
    add(sums, chunk) {
      const { predictions, labels } = asRows(chunk, { numClasses });
      count(sums, { predicted: predictions, truth: labels });
    },
    result: (sums) => sums,
  };
}

/** @throws InputError unless it is a tally of at least one row */
export function checkTally(counts: Tally): void {
  checkObjects({ 'the tally': counts });
  const { support, chosen, hits } = counts;
  for (const [name, list] of Object.entries({ support, chosen, hits }))
    if (!(list instanceof Float64Array) || list.length !== support.length)
      throw new InputError(
        `a tally must hold support, chosen and hits of all classes, but ${name} is ${shown(list)}.`,
      );
  if (!support.some((n) => n > 0))
    throw new InputError('a tally must hold at least one row, but it holds none.');
}

export function total(counts: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < counts.length; c++) sum += counts[c]!;
  return sum;
}
