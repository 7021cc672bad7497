/**
 * Labels out of what files hold. Whole numbers are class numbers; texts are numbered in sorted order, and named. The training
 * set's names, where they are given, decide instead.
 */

import { toNumber } from '../csv/fields.ts';

/** Class of each row, [n]; and, where the classes have names, these. */
export interface LabelSet {
  readonly labels: Int32Array;
  /** [classes]; of texts, or as given. */
  readonly classNames?: readonly string[];
  /** What had to be guessed, in sentences. */
  readonly notes?: readonly string[];
}

/** What cannot be a label: the first of its kind, and why. */
export interface Unfit<T> {
  readonly wrong: T;
  readonly expected: string;
  /** A measurement rather than a damaged label: a column that nobody asked for is then none of labels. */
  readonly isMeasured: boolean;
}

const LARGEST_LABEL: number = 2 ** 31 - 1;

/** What tells more of two that are wrong: a fraction, because then the others are measured too; else the first. */
export const likelier = <T extends Unfit<unknown>>(first: T | undefined, second: T): T =>
  first && !second.isMeasured ? first : second;

/** @returns what is wrong among numbers as labels, and its index; undefined when nothing is */
export function firstUnfit<T extends number | bigint>(
  values: ArrayLike<T>,
  classNames: readonly string[] | undefined,
): (Unfit<T> & { index: number }) | undefined {
  let wrong: (Unfit<T> & { index: number }) | undefined;
  for (let index = 0; index < values.length && !wrong?.isMeasured; index++) {
    const unfit = unfitNumber(values[index]!, classNames);
    if (unfit) wrong = likelier(wrong, { ...unfit, index });
  }
  return wrong;
}

function unfitNumber<T extends number | bigint>(
  wrong: T,
  classNames: readonly string[] | undefined,
): Unfit<T> | undefined {
  const value = Number(wrong);
  const most = classNames ? classNames.length - 1 : LARGEST_LABEL;
  if (value >= 0 && value <= most && Number.isInteger(value)) return undefined;
  const known = classNames ? `, because the training set has ${classNames.length} classes` : '';
  const isMeasured = Number.isFinite(value) && !Number.isInteger(value);
  return { wrong, expected: `labels from 0 to ${most}${known}`, isMeasured };
}

/**
 * @param texts distinct ones, in any order
 * @param options.classNames of the training set
 * @returns the class of each text, and the classes' names where they are texts; or the text that is none
 */
export function classesOf(
  texts: readonly string[],
  { classNames }: { classNames?: readonly string[] | undefined } = {},
): { classOf: ReadonlyMap<string, number>; classNames?: readonly string[] } | Unfit<string> {
  const blank = texts.find((text) => text.trim() === '');
  if (blank !== undefined) return unfit(blank, 'a label in every row');
  const names = classNames ?? texts.map((text) => text.trim());
  const isNumber = (text: string) => !Number.isNaN(toNumber(text));
  const numbers = texts.filter(isNumber);
  if (!classNames && numbers.length === texts.length) return numbered(texts);
  if (!classNames && numbers.length > 0)
    return unfit(
      isNumber(texts[0]!) ? texts.find((text) => !isNumber(text))! : numbers[0]!,
      'all labels to be numbers, or all texts',
    );
  return named(texts, classNames ?? [...new Set(names)].sort());
}

function named(texts: readonly string[], sorted: readonly string[]): ReturnType<typeof classesOf> {
  const numberOf = new Map(sorted.map((name, i) => [name, i]));
  const unknown = texts.find((text) => !numberOf.has(text.trim()));
  if (unknown === undefined)
    return { classOf: new Map(texts.map((text) => [text, numberOf.get(text.trim())!])), classNames: sorted };
  return unfit(unknown, `one of the training set's ${sorted.length} classes`);
}

/** `2` and `2.0`, as programs write one number; `02` and `2e0` may be names. */
const isPlain = (text: string): boolean => /^\+?(?:0|[1-9]\d*)(?:\.0*)?$/.test(text);

/** Those that would be two names of one number are names. */
function numbered(texts: readonly string[]): ReturnType<typeof classesOf> {
  const numbers = texts.map(toNumber);
  const names = new Set(texts.map((text) => text.trim()));
  if (new Set(numbers).size < names.size && ![...names].every(isPlain))
    return named(texts, [...names].sort());
  const wrong = firstUnfit(numbers, undefined);
  if (wrong) return { ...wrong, wrong: texts[wrong.index]! };
  return { classOf: new Map(texts.map((text, i) => [text, numbers[i]!])) };
}

const unfit = (wrong: string, expected: string): Unfit<string> => ({ wrong, expected, isMeasured: false });
