/** Labels as they come. */
import { checkLists } from './checks.ts';
import { InputError } from './errors.ts';

/** What labels may come in: an array or a typed array, that of NumPy's int64 too. */
export type LabelList = ArrayLike<number> | BigInt64Array | BigUint64Array;

export function isBigInts(labels: ArrayLike<unknown>): labels is BigInt64Array | BigUint64Array {
  return labels instanceof BigInt64Array || labels instanceof BigUint64Array;
}

/** @throws InputError for what is no list, and one without a label */
export function checkAnyLabel(labels: ArrayLike<unknown>, name: string): void {
  checkLists({ [name]: labels });
  if (labels.length === 0)
    throw new InputError(`${name} must hold at least one label, but the list is empty.`);
}

/** As numbers; integers of 64 bits beyond 2^53 as the doubles beside them. */
export function asNumbers(labels: LabelList, name: string): ArrayLike<number> {
  checkAnyLabel(labels, name);
  return isBigInts(labels) ? Float64Array.from(labels, Number) : labels;
}
