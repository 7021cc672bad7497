/**
 * The classes that a column of labels names, whatever it was read from. Numbers are classes themselves ("2", "2.0" and
 * "02" are class 2); texts are numbered in the order of their UTF-16 code units, as `sort()` has it: "B" comes before "a".
 */
import { DataError } from './errors.ts';

/** As programs write numbers: "2", "-1", "2.0", "1e1". */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** A larger label without names is an identifier: of each class below it there would be a name. */
export const MOST_CLASSES = 1_000_000;

export interface NamedClasses {
  /** Class of each label, shape [labels.length]. */
  readonly classes: Int32Array;
  readonly classNames: readonly string[];
}

interface Naming {
  readonly classNames?: readonly string[] | undefined;
  /** Where a label was found, for messages. */
  readonly place: (index: number) => string;
}

/**
 * @param labels as they were written, blanks around them aside; each distinct one is enough
 * @param options.classNames of the training set: a label is one of them, or the number that one of them is. Default: all
 *   labels are whole numbers from 0, or all are names
 * @throws DataError with the place: a blank label, a number among names, one below 0, fractional or too large, a class
 *   that is not in `classNames`
 * @example
 * classesOf(['2.0', '0'], { place: (i) => `line ${i}` }); // classes [2, 0], classNames ['0', '1', '2']
 * classesOf(['wren', 'auk'], { place: (i) => `line ${i}` }); // classes [1, 0], classNames ['auk', 'wren']
 */
export function classesOf(labels: readonly string[], { classNames, place }: Naming): NamedClasses {
  const texts = labels.map((label) => label.trim());
  const blank = texts.indexOf('');
  if (blank >= 0)
    throw new DataError(
      `expected a label in ${place(blank)}, but it is blank; give the label, or leave the row out.`,
    );
  if (classNames) return { classes: amongNames(texts, classNames, place), classNames };
  const isNumber = texts.map((text) => NUMBER.test(text));
  const [number, text] = [isNumber.indexOf(true), isNumber.indexOf(false)];
  if (number >= 0 && text >= 0)
    throw new DataError(
      `expected labels that are all numbers or all names, but ${place(number)} has "${texts[number]}" and ${place(text)} "${texts[text]}"; mend the labels, or give the class names.`,
    );
  if (text >= 0) return alphabetic(texts);
  const classes = Int32Array.from(texts, (one, i) => wholeNumber(one, () => place(i)));
  const numClasses = classes.reduce((most, label) => Math.max(most, label), -1) + 1;
  return { classes, classNames: Array.from({ length: numClasses }, (_, c) => String(c)) };
}

function alphabetic(texts: readonly string[]): NamedClasses {
  const classNames = [...new Set(texts)].sort();
  const order = new Map(classNames.map((name, c) => [name, c]));
  return { classes: Int32Array.from(texts, (text) => order.get(text)!), classNames };
}

function wholeNumber(text: string, place: () => string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < MOST_CLASSES) return value;
  throw new DataError(
    `expected whole labels from 0, below ${MOST_CLASSES}, but ${place()} has ${text}; number the classes from 0, or give the class names.`,
  );
}

function amongNames(
  texts: readonly string[],
  classNames: readonly string[],
  place: (index: number) => string,
): Int32Array {
  const order = new Map(classNames.map((name, c) => [name, c]));
  return Int32Array.from(texts, (text, i) => {
    const found = order.get(text) ?? (NUMBER.test(text) ? order.get(String(Number(text))) : undefined);
    if (found !== undefined) return found;
    throw new DataError(
      `expected one of the ${classNames.length} class names in ${place(i)}, but "${text}" is none of them; leave it out, or add the class to the training set.`,
      { label: text },
    );
  });
}
