/** n_c, the training images of each class: what losses and groups of classes are made from. */
import { checkLists } from './checks.ts';
import { InputError } from './errors.ts';
import { shown } from './shown.ts';

/**
 * @param counts integers >= 0, shape [C], at least one above 0
 * @throws InputError naming the first class whose count is not one
 * @example
 * checkCounts([500, Number.NaN]); // class counts must be integers >= 0, but the count of class 1 is NaN.
 */
export function checkCounts(counts: ArrayLike<number>): void {
  checkLists({ 'class counts': counts });
  const { length } = counts;
  const wrong = counts instanceof Int32Array ? firstNegative(counts) : firstNoCount(counts);
  if (wrong < length)
    throw new InputError(
      `class counts must be integers >= 0, but the count of class ${wrong} is ${shown(counts[wrong])}.`,
      { index: wrong, count: counts[wrong] },
    );
  for (let c = 0; c < length; c++) if (counts[c]! > 0) return;
  throw new InputError(
    `class counts must hold one above 0, but ${length === 0 ? 'there are none' : `all ${length} are 0`}; count the training labels.`,
  );
}

/** @returns the same numbers @throws InputError as {@link checkCounts} */
export function asCounts(counts: ArrayLike<number>): Float64Array {
  checkCounts(counts);
  return new Float64Array(counts);
}

/** One kind of array in a loop of its own: ten times as fast. */
function firstNegative(counts: Int32Array): number {
  const { length } = counts;
  for (let c = 0; c < length; c++) if (counts[c]! < 0) return c;
  return length;
}

function firstNoCount(counts: ArrayLike<unknown>): number {
  const { length } = counts;
  for (let c = 0; c < length; c++)
    if (!Number.isSafeInteger(counts[c]) || (counts[c] as number) < 0) return c;
  return length;
}
