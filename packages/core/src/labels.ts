/** Labels and class counts: the plain data that passes between the parts. */
import { checkIntegers, checkOptions, checkStrings } from './checks.ts';
import { InputError } from './errors.ts';
import { asNumbers, type LabelList } from './label-list.ts';
import { shown } from './shown.ts';

export type { LabelList } from './label-list.ts';

/** Half a gigabyte of counts. What is larger is no number of classes. */
const MOST_CLASSES = 2 ** 27;
/** A few labels may come from a problem of many classes; so many counts are 4 MB. */
const FEW_CLASSES = 2 ** 20;

/**
 * Checks labels and returns them as an Int32Array (the same array if it is one already).
 *
 * @param labels class of each item, integers in [0, numClasses)
 * @param options.numClasses C, at most 2^27; default: any that an Int32Array holds
 * @param options.name what they are called in messages
 * @throws InputError naming the first label that is negative, fractional, NaN or too large, and its place
 */
export function asLabels(
  labels: LabelList,
  options: { numClasses?: number; name?: string } = {},
): Int32Array {
  const { numClasses, name = 'labels' } = checkOptions(options, { of: 'asLabels' });
  checkStrings({ name });
  if (numClasses !== undefined) checkIntegers({ numClasses }, { most: MOST_CLASSES });
  const numbers = asNumbers(labels, name);
  const end = numClasses ?? 2 ** 31 - 1;
  const i = numbers instanceof Int32Array ? firstOutside(numbers, end) : firstNoLabel(numbers, end);
  if (i < numbers.length)
    throw new InputError(
      `${name} must be integers from 0 to ${end - 1}, but ${name}[${i}] is ${shown(labels[i])}.`,
      { index: i, label: labels[i], numClasses: end },
    );
  return numbers instanceof Int32Array ? numbers : new Int32Array(numbers);
}

/** One kind of array in a loop of its own: ten times as fast. */
function firstOutside(labels: Int32Array, end: number): number {
  const { length } = labels;
  for (let i = 0; i < length; i++) if (labels[i]! >>> 0 >= end) return i; // a negative one is beyond all as an unsigned
  return length;
}

function firstNoLabel(labels: ArrayLike<number>, end: number): number {
  const { length } = labels;
  for (let i = 0; i < length; i++) {
    const label = labels[i]!;
    if (!(Number.isInteger(label) && label >= 0 && label < end)) return i;
  }
  return length;
}

/**
 * n_c, the number of items of each class.
 *
 * @param labels class of each item, integers >= 0, shape [N]
 * @param options.numClasses C; default: the largest label + 1, which must be at most N or 2^20, whichever is more
 * @returns counts, shape [C]
 * @throws InputError as {@link asLabels}, or for a label that would take memory for far more classes than there are labels
 * @example
 * classCounts([0, 0, 2]); // Int32Array [2, 0, 1]
 */
export function classCounts(labels: LabelList, options: { numClasses?: number } = {}): Int32Array {
  return countsOf(asLabels(labels, options), options);
}

function countsOf(checked: Int32Array, { numClasses }: { numClasses?: number }): Int32Array {
  const counts = new Int32Array(numClasses ?? classesOf(checked));
  // By place: an iterator over half a million labels takes ten times as long before it is compiled.
  for (let i = 0; i < checked.length; i++) counts[checked[i]!]! += 1;
  return counts;
}

/** The largest label + 1. */
function classesOf(checked: Int32Array): number {
  let at = 0;
  for (let i = 1; i < checked.length; i++) if (checked[i]! > checked[at]!) at = i;
  const label = checked[at]!;
  if (label < Math.max(FEW_CLASSES, checked.length)) return label + 1;
  throw new InputError(
    `labels[${at}] is ${label}, and so many classes are too many for ${checked.length} labels; number them anew by renumber(labels), or say how many classes there are by numClasses.`,
    { index: at, label, labels: checked.length },
  );
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
 * @param options.numClasses as of {@link classCounts}
 * @throws InputError as {@link classCounts}
 * @example
 * groupByClass([1, 0, 1]); // order [1, 0, 2], offsets [0, 1, 3], counts [1, 2]
 */
export function groupByClass(labels: LabelList, options: { numClasses?: number } = {}): ClassGroups {
  const checked = asLabels(labels, options);
  const counts = countsOf(checked, options);
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
 * @throws InputError as {@link classCounts}
 */
export function indicesByClass(labels: LabelList, options: { numClasses?: number } = {}): Int32Array[] {
  const { order, offsets, counts } = groupByClass(labels, options);
  return Array.from(counts, (_, c) => order.slice(offsets[c], offsets[c + 1]));
}
