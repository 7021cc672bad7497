/** n_c, the training images of each class: what losses and groups of classes are made from. */
import { checkLists } from './checks.ts';
import { InputError } from './errors.ts';
import { shown } from './shown.ts';

/**
 * @param counts integers >= 0, shape [C], at least one above 0
 * @returns the same numbers
 * @throws InputError naming the first class whose count is not one
 * @example
 * asCounts([500, Number.NaN]); // class counts must be integers >= 0, but the count of class 1 is NaN.
 */
export function asCounts(counts: ArrayLike<number>): Float64Array {
  checkLists({ 'class counts': counts });
  const checked = new Float64Array(counts.length);
  let isAny = false;
  for (let c = 0; c < checked.length; c++) {
    const count: unknown = counts[c];
    if (!Number.isSafeInteger(count) || (count as number) < 0)
      throw new InputError(
        `class counts must be integers >= 0, but the count of class ${c} is ${shown(count)}.`,
        { index: c, count },
      );
    checked[c] = count as number;
    isAny ||= checked[c]! > 0;
  }
  if (isAny) return checked;
  throw new InputError(
    `class counts must hold one above 0, but ${checked.length === 0 ? 'there are none' : `all ${checked.length} are 0`}; count the training labels.`,
  );
}
