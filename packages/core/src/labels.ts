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
  const { length } = labels;
  for (let i = 0; i < length; i++) {
    const label = labels[i]!;
    if (!(label >= 0 && label < numClasses && Math.floor(label) === label))
      throw new InputError(
        `labels must be integers from 0 to ${numClasses - 1}, but labels[${i}] is ${label}.`,
        { index: i, label, numClasses },
      );
  }
  return labels instanceof Int32Array ? labels : new Int32Array(labels);
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
  return countsOf(asLabels(labels, numClasses === undefined ? {} : { numClasses }), numClasses);
}

function countsOf(checked: Int32Array, numClasses?: number): Int32Array {
  // By place: an iterator over half a million labels takes ten times as long before it is compiled.
  let largest = -1;
  for (let i = 0; i < checked.length; i++) if (checked[i]! > largest) largest = checked[i]!;
  const counts = new Int32Array(numClasses ?? largest + 1);
  for (let i = 0; i < checked.length; i++) counts[checked[i]!]! += 1;
  return counts;
}

/** Items by class in one array: class c has order[offsets[c]] to before order[offsets[c + 1]]. */
export interface ClassGroups {
  /** Positions of the items, class by class, ascending within a class, shape [N]. */
  readonly order: Int32Array;
  /** Shape [C + 1]. */
  readonly offsets: Int32Array;
  /** n_c, shape [C]. */
  readonly counts: Int32Array;
}

/**
 * Items grouped by class, by counting sort: two passes and 4 bytes an item, however many classes there are.
 *
 * @param labels class of each item, integers >= 0, shape [N]
 * @param numClasses C; default: the largest label + 1
 * @throws InputError as {@link asLabels}
 * @example
 * groupByClass([1, 0, 1]); // order [1, 0, 2], offsets [0, 1, 3], counts [1, 2]
 */
export function groupByClass(labels: ArrayLike<number>, options: { numClasses?: number } = {}): ClassGroups {
  const checked = asLabels(labels, options);
  const counts = countsOf(checked, options.numClasses);
  const offsets = new Int32Array(counts.length + 1);
  for (let c = 0; c < counts.length; c++) offsets[c + 1] = offsets[c]! + counts[c]!;
  const next = offsets.slice();
  const order = new Int32Array(checked.length);
  for (let i = 0; i < checked.length; i++) order[next[checked[i]!]!++] = i;
  return { order, offsets, counts };
}

/**
 * The positions of each class's items, in ascending order.
 *
 * @returns one Int32Array a class, shape [n_c]
 * @throws InputError as {@link asLabels}
 */
export function indicesByClass(
  labels: ArrayLike<number>,
  options: { numClasses?: number } = {},
): Int32Array[] {
  const { order, offsets, counts } = groupByClass(labels, options);
  return Array.from(counts, (_, c) => order.slice(offsets[c], offsets[c + 1]));
}
