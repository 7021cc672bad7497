/** n_c, the training images of each class, as every loss for long tails is made from. */
import { InputError } from '@longtail/core';

/**
 * @param counts integers >= 0, shape [C], at least one above 0
 * @returns the same numbers
 * @throws InputError naming the first count that is not one, and its place
 */
export function checkedCounts(counts: ArrayLike<number>): number[] {
  const checked = Array.from(counts);
  const wrong = checked.findIndex((count) => !Number.isSafeInteger(count) || count < 0);
  if (wrong >= 0)
    throw new InputError(
      `class counts must be integers >= 0, but the count of class ${wrong} is ${checked[wrong]}.`,
      { index: wrong, count: checked[wrong] },
    );
  if (!checked.some((count) => count > 0))
    throw new InputError(
      `class counts must hold one above 0, but all ${checked.length} are 0; count the training labels.`,
    );
  return checked;
}

/** Counts with those of classes without images as the rarest class's: what margins and temperatures are made from. */
export function presentCounts(counts: ArrayLike<number>): number[] {
  const checked = checkedCounts(counts);
  const least = checked.reduce((so, n) => (n > 0 ? Math.min(so, n) : so), Number.POSITIVE_INFINITY);
  return checked.map((n) => Math.max(n, least));
}

/** Weights made from counts, 0 for a class without images, scaled to the sum C. */
export function scaledWeights(counts: readonly number[], weightOf: (count: number) => number): Float32Array {
  const raw = counts.map((n) => (n === 0 ? 0 : weightOf(n)));
  const sum = raw.reduce((so, w) => so + w, 0);
  return Float32Array.from(raw, (w) => (w * raw.length) / sum);
}
