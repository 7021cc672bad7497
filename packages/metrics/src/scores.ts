/** Scores as they come: row by row, a chunk at a time. */
import {
  asLabels,
  checkIntegers,
  checkObjects,
  checkOneOf,
  InputError,
  type LabelList,
  shown,
} from '@longtail/core';
import { argmax } from './argmax.ts';

/** Rows of scores, shape [n, C], with the class of each, shape [n]. */
export interface Chunk {
  readonly scores: ArrayLike<number>;
  readonly labels: LabelList;
}

/** What scores are: `logits` go through a softmax, `probabilities` are taken as they are. */
export type ScoreKind = 'logits' | 'probabilities';

/** A chunk that has been looked through. */
export interface Rows {
  readonly scores: ArrayLike<number>;
  readonly labels: Int32Array;
  /** The class of the largest score of each row: finding it is also the search for NaN. */
  readonly predictions: Int32Array;
}

/** How far the sum of a row of float32 probabilities may be from 1. */
const SLACK = 1e-3;

/** A gigabyte of sums. What would take more is no number of classes, or of bins. */
const MOST_PLACES = 2 ** 27;

/** @throws InputError unless sums of so many classes, with so many bins each, can be held */
export function checkPlaces({ numClasses, bins = 1 }: { numClasses: number; bins?: number }): void {
  checkIntegers({ numClasses, bins }, { most: MOST_PLACES });
  if (numClasses * bins > MOST_PLACES)
    throw new InputError(
      `numClasses x bins must be at most ${MOST_PLACES}, but it is ${numClasses} x ${bins}.`,
    );
}

/** @throws InputError for another kind of scores */
export function checkKind(from: ScoreKind): void {
  checkOneOf({ from }, ['logits', 'probabilities']);
}

function refuse(
  scores: ArrayLike<number>,
  at: number,
  { numClasses, must }: { numClasses: number; must: string },
): never {
  const row = Math.floor(at / numClasses);
  throw new InputError(
    `scores must be ${must}, but row ${row} has ${shown(scores[at])} for class ${at % numClasses}.`,
    { row, class: at % numClasses, score: scores[at] },
  );
}

/** @throws InputError as {@link argmax}, and unless there is a label a row, from 0 to C - 1 */
export function asRows(chunk: Chunk, { numClasses }: { numClasses: number }): Rows {
  checkObjects({ 'a chunk': chunk });
  const { scores } = chunk;
  const predictions = argmax(scores, { numClasses });
  const labels = asLabels(chunk.labels, { numClasses });
  if (labels.length !== predictions.length)
    throw new InputError(
      `there must be a label a row, but there are ${labels.length} labels and ${predictions.length} rows.`,
    );
  return { scores, labels, predictions };
}

/** @throws InputError for what a softmax cannot take, or is no probability; @param predictions of the same scores */
export function checkProbable(
  { scores, predictions }: Pick<Rows, 'scores' | 'predictions'>,
  { numClasses, from }: { numClasses: number; from: ScoreKind },
): void {
  const check = from === 'logits' ? checkLogits : checkProbabilities;
  predictions.forEach((best, row) => check(scores, { row, best, numClasses }));
}

/** @throws InputError as {@link asRows} and {@link checkProbable} */
export function asProbableRows(chunk: Chunk, options: { numClasses: number; from: ScoreKind }): Rows {
  const rows = asRows(chunk, options);
  checkProbable(rows, options);
  return rows;
}

type Place = { row: number; best: number; numClasses: number };

/** A class may be masked by -Infinity; not all of a row. */
function checkLogits(scores: ArrayLike<number>, { row, best, numClasses }: Place): void {
  const at = row * numClasses + best;
  if (scores[at] === Number.POSITIVE_INFINITY) refuse(scores, at, { numClasses, must: 'below Infinity' });
  if (scores[at] === Number.NEGATIVE_INFINITY)
    throw new InputError(`a row must have a finite score, but row ${row} has none.`, { row });
}

function checkProbabilities(scores: ArrayLike<number>, { row, numClasses }: Place): void {
  let sum = 0;
  for (let i = row * numClasses; i < (row + 1) * numClasses; i++) {
    if (!(scores[i]! >= 0 && scores[i]! <= 1 + SLACK))
      refuse(scores, i, { numClasses, must: 'probabilities' });
    sum += scores[i]!;
  }
  if (Math.abs(sum - 1) > SLACK)
    throw new InputError(
      `the probabilities of a row must sum to 1, but those of row ${row} sum to ${sum}; for scores before the softmax say from: 'logits'.`,
      { row, sum },
    );
}
