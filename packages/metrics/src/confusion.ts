/** The confusion matrix: how often rows of class t were predicted to be of class p. */
import { checkObjects, checkOptions, InputError, type LabelList, shown } from '@longtail/core';
import { checkPlaces } from './scores.ts';
import { asPairs } from './tally.ts';

/** Above so many classes a matrix is mostly zeros: 8142 classes would take half a gigabyte, and 24,426 rows fill 24,426 places at most. */
const MOST_DENSE = 2000;

/** Of up to 2000 classes all counts, at t C + p; above that the pairs that occur, by truth and then prediction. */
export type Confusion =
  | { readonly layout: 'dense'; readonly numClasses: number; readonly counts: Float64Array }
  | {
      readonly layout: 'sparse';
      readonly numClasses: number;
      readonly truths: Int32Array;
      readonly predictions: Int32Array;
      readonly counts: Float64Array;
    };

/**
 * @param predictions class of each row, shape [N]
 * @param labels its true class, shape [N]
 * @throws InputError when lengths differ, or naming the first class outside [0, C)
 * @example
 * confusionMatrix([0, 1, 1], [0, 1, 0], { numClasses: 2 }).counts; // [1, 1, 0, 1]
 */
export function confusionMatrix(
  predictions: LabelList,
  labels: LabelList,
  options: { numClasses: number },
): Confusion {
  const { numClasses } = checkOptions(options, { of: 'confusionMatrix' });
  checkPlaces({ numClasses });
  const { predicted, truth } = asPairs(predictions, labels, { numClasses, of: 'confusionMatrix' });
  if (numClasses <= MOST_DENSE) {
    const counts = new Float64Array(numClasses * numClasses);
    for (let i = 0; i < truth.length; i++) counts[truth[i]! * numClasses + predicted[i]!]! += 1;
    return { layout: 'dense', numClasses, counts };
  }
  const places = new Float64Array(truth.length);
  for (let i = 0; i < truth.length; i++) places[i] = truth[i]! * numClasses + predicted[i]!;
  return sparse(places.sort(), { numClasses, weights: undefined });
}

/** Ascending places t C + p, equal ones put together. */
function sparse(
  places: Float64Array,
  { numClasses, weights }: { numClasses: number; weights: ((i: number) => number) | undefined },
): Confusion {
  const [truths, predictions, counts]: [number[], number[], number[]] = [[], [], []];
  places.forEach((place, i) => {
    if (i === 0 || place !== places[i - 1]) {
      truths.push(Math.floor(place / numClasses));
      predictions.push(place % numClasses);
      counts.push(0);
    }
    counts[counts.length - 1]! += weights?.(i) ?? 1;
  });
  return {
    layout: 'sparse',
    numClasses,
    truths: Int32Array.from(truths),
    predictions: Int32Array.from(predictions),
    counts: Float64Array.from(counts),
  };
}

/** Calls `visit` for each pair that occurs, by truth and then prediction. */
export function eachPair(
  confusion: Confusion,
  visit: (truth: number, prediction: number, count: number) => void,
): void {
  const { numClasses, counts } = confusion;
  counts.forEach((count, i) => {
    if (confusion.layout === 'sparse') visit(confusion.truths[i]!, confusion.predictions[i]!, count);
    else if (count > 0) visit(Math.floor(i / numClasses), i % numClasses, count);
  });
}

/** @throws InputError unless it is one */
export function checkConfusion(confusion: Confusion): void {
  checkObjects({ 'the confusion matrix': confusion });
  const { counts, numClasses } = confusion;
  checkPlaces({ numClasses });
  const isWhole =
    confusion.layout === 'sparse'
      ? [confusion.truths, confusion.predictions].every(
          (list) => list instanceof Int32Array && list.length === counts?.length,
        )
      : confusion.layout === 'dense' && counts?.length === numClasses ** 2;
  if (!(isWhole && counts instanceof Float64Array))
    throw new InputError(
      `a confusion matrix must be one of confusionMatrix, but its layout is ${shown(confusion.layout)} and its counts ${shown(counts)}.`,
    );
}

/**
 * @param shards matrices of parts of the rows; at least one
 * @returns the matrix of all rows
 * @throws InputError when they are not of as many classes
 */
export function mergeConfusions(shards: readonly Confusion[]): Confusion {
  if (!Array.isArray(shards) || shards.length === 0)
    throw new InputError(`mergeConfusions needs a list of matrices, but got ${shown(shards)}.`);
  shards.forEach(checkConfusion);
  const { layout, numClasses } = shards[0]!;
  const other = shards.find((shard) => shard.numClasses !== numClasses || shard.layout !== layout);
  if (other)
    throw new InputError(
      `mergeConfusions needs as many classes in all, but they are ${numClasses} and ${other.numClasses}.`,
    );
  const sums = new Map<number, number>();
  for (const shard of shards)
    eachPair(shard, (truth, prediction, count) => {
      const place = truth * numClasses + prediction;
      sums.set(place, (sums.get(place) ?? 0) + count);
    });
  const places = Float64Array.from(sums.keys()).sort();
  if (layout === 'sparse') return sparse(places, { numClasses, weights: (i) => sums.get(places[i]!)! });
  const counts = new Float64Array(numClasses ** 2);
  for (const [place, count] of sums) counts[place] = count;
  return { layout, numClasses, counts };
}
