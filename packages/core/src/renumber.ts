/** Identifiers of any size as classes. */
import { shown } from './checks.ts';
import { InputError } from './errors.ts';
import { asNumbers, type LabelList } from './label-list.ts';

export interface Renumbered {
  /** 0 to C - 1, shape [N]. */
  readonly labels: Int32Array;
  /** What each class was called before, ascending, shape [C]. */
  readonly values: Float64Array;
}

/**
 * Labels without gaps, in the order of those given: identifiers of any size become classes 0 to C - 1.
 *
 * @param labels integers from 0 to 2^53 - 1, shape [N]
 * @throws InputError naming the first that is none
 * @example
 * renumber([70_000_000_001, 12, 12]); // labels [1, 0, 0], values [12, 70000000001]
 */
export function renumber(labels: LabelList): Renumbered {
  const numbers = asNumbers(labels, 'labels');
  for (let i = 0; i < numbers.length; i++)
    if (!(Number.isSafeInteger(numbers[i]) && numbers[i]! >= 0))
      throw new InputError(
        `labels must be integers from 0 to 2^53 - 1, but labels[${i}] is ${shown(labels[i])}.`,
        { index: i, label: labels[i] },
      );
  const ascending = Float64Array.from(numbers).sort();
  const values = ascending.filter((value, i) => i === 0 || value !== ascending[i - 1]);
  return { labels: Int32Array.from(numbers, (value) => placeOf(value, values)), values };
}

/** By halves: a Map ends at 2^24 entries. */
function placeOf(value: number, values: Float64Array): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
