/** Identifiers of any size as classes. */

import { InputError } from './errors.ts';
import { checkAnyLabel, isBigInts } from './label-list.ts';
import { shown } from './shown.ts';

/** Numbers are integers from 0 to 2^53 - 1; those of 64 bits and texts are any. */
export type IdentifierList = ArrayLike<number> | BigInt64Array | BigUint64Array | readonly string[];

/** A list of the same kind: 64 bits stay exact, numbers are doubles. */
export type IdentifiersOf<L extends IdentifierList> = L extends BigInt64Array
  ? BigInt64Array
  : L extends BigUint64Array
    ? BigUint64Array
    : L extends readonly string[]
      ? string[]
      : Float64Array;

export interface Renumbered<L extends IdentifierList = ArrayLike<number>> {
  /** 0 to C - 1, shape [N]. */
  readonly labels: Int32Array;
  /** What each class was called before, ascending (texts by UTF-16 code units), shape [C]. */
  readonly values: IdentifiersOf<L>;
}

/**
 * Labels without gaps, in the order of those given: identifiers become classes 0 to C - 1.
 *
 * @param labels integers from 0 to 2^53 - 1, integers of 64 bits of any value, or texts, shape [N]
 * @throws InputError naming the first that is none
 * @example
 * renumber([70_000_000_001, 12, 12]); // labels [1, 0, 0], values [12, 70000000001]
 * renumber(BigInt64Array.of(2n ** 60n, -5n)); // labels [1, 0], values BigInt64Array [-5n, 2n ** 60n]
 */
export function renumber<L extends IdentifierList>(labels: L): Renumbered<L> {
  checkAnyLabel(labels, 'labels');
  // Each of these has `slice`, `sort` and `filter`, and its items are compared by `<`.
  const identifiers = (isBigInts(labels) ? labels : asIdentifiers(labels)) as Float64Array;
  const ascending = identifiers.slice().sort();
  const values = ascending.filter((value, i) => i === 0 || value !== ascending[i - 1]);
  return {
    labels: Int32Array.from({ length: identifiers.length }, (_, i) => placeOf(identifiers[i]!, values)),
    values: values as unknown as IdentifiersOf<L>,
  };
}

function asIdentifiers(labels: ArrayLike<unknown>): Float64Array | string[] {
  const areTexts = typeof labels[0] === 'string';
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(areTexts ? typeof label === 'string' : Number.isSafeInteger(label) && (label as number) >= 0))
      throw new InputError(
        `labels must be ${areTexts ? 'all texts' : 'integers from 0 to 2^53 - 1, integers of 64 bits or texts'}, but labels[${i}] is ${shown(label)}.`,
        { index: i, label },
      );
  }
  return areTexts ? Array.from(labels as ArrayLike<string>) : Float64Array.from(labels as ArrayLike<number>);
}

/** By halves: a Map ends at 2^24 entries. */
function placeOf(value: number, values: ArrayLike<number>): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
