/** p_c = exp(z_c) / sum_j exp(z_j), in float64, shifted by the largest score of the row. */
import { checkOptions } from '@longtail/core';
import { argmax } from './argmax.ts';
import { checkProbable, type ScoreKind } from './scores.ts';

function softmaxRow(logits: ArrayLike<number>, { start, into }: { start: number; into: Float64Array }): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < into.length; c++) if (logits[start + c]! > most) most = logits[start + c]!;
  let sum = 0;
  for (let c = 0; c < into.length; c++) {
    into[c] = Math.exp(logits[start + c]! - most);
    sum += into[c]!;
  }
  for (let c = 0; c < into.length; c++) into[c]! /= sum;
}

/** The probabilities of the row that begins at `start`, into `into`, shape [C]. */
export function probableRow(
  scores: ArrayLike<number>,
  { start, from, into }: { start: number; from: ScoreKind; into: Float64Array },
): void {
  if (from === 'logits') softmaxRow(scores, { start, into });
  else for (let c = 0; c < into.length; c++) into[c] = scores[start + c]!;
}

/**
 * @param logits row by row, shape [N, C]; -Infinity masks a class
 * @returns probabilities, shape [N, C]
 * @throws InputError for a score that is NaN or Infinity, or a row without a finite one: it names the row
 */
export function softmax(logits: ArrayLike<number>, options: { numClasses: number }): Float64Array {
  const { numClasses } = checkOptions(options, { of: 'softmax' });
  const predictions = argmax(logits, { numClasses });
  checkProbable({ scores: logits, predictions }, { numClasses, from: 'logits' });
  const all = new Float64Array(logits.length);
  for (let start = 0; start < all.length; start += numClasses)
    softmaxRow(logits, { start, into: all.subarray(start, start + numClasses) });
  return all;
}
