/** Labels and class counts: the plain data that passes between the parts. */
import { InputError } from './errors.ts';

/**
 * Checks labels and returns them as an Int32Array (the same array if it is one already).
 *
 * @param labels class of each item, integers in [0, numClasses)
 * @throws InputError naming the first label that is negative, fractional, NaN or too large, and its place
 */
export function asLabels(
  labels: ArrayLike<number>,
  { numClasses = 2 ** 31 - 1 }: { numClasses?: number } = {},
): Int32Array {
  if (labels.length === 0)
    throw new InputError('labels must hold at least one label, but the list is empty.');
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= numClasses)
      throw new InputError(
        `labels must be integers from 0 to ${numClasses - 1}, but labels[${i}] is ${label}.`,
        { index: i, label, numClasses },
      );
  }
  return labels instanceof Int32Array ? labels : Int32Array.from(labels);
}

/**
 * n_c, the number of items of each class.
 *
 * @param labels class of each item, integers >= 0
 * @param numClasses C; default: the largest label + 1
 * @returns counts, shape [C]
 * @throws InputError as {@link asLabels}
 * @example
 * classCounts([0, 0, 2]); // Int32Array [2, 0, 1]
 */
export function classCounts(
  labels: ArrayLike<number>,
  { numClasses }: { numClasses?: number } = {},
): Int32Array {
  const checked = asLabels(labels, numClasses === undefined ? {} : { numClasses });
  let largest = -1;
  for (const label of checked) if (label > largest) largest = label;
  const counts = new Int32Array(numClasses ?? largest + 1);
  for (const label of checked) counts[label]! += 1;
  return counts;
}

/**
 * The positions of each class's items, in ascending order.
 *
 * @returns one Int32Array a class, shape [n_c]
 * @throws InputError as {@link asLabels}
 */
export function indicesByClass(
  labels: ArrayLike<number>,
  { numClasses }: { numClasses?: number } = {},
): Int32Array[] {
  const counts = classCounts(labels, numClasses === undefined ? {} : { numClasses });
  const byClass = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    byClass[label]![filled[label]!++] = i;
  }
  return byClass;
}
