/** Python's own numbers as arrays: one is an array without axes, a list of them has one. */
import { elementType } from '../element-type.ts';
import { inMemory } from '../source.ts';
import type { StoredArray } from '../stored-array.ts';
import { hasKind, type Real, type Value } from './values.ts';

const MAX_INT64 = 2n ** 63n;

type PythonNumber = number | bigint | boolean | Real;
const isNumber = (value: Value): value is PythonNumber =>
  ['number', 'bigint', 'boolean'].includes(typeof value) || hasKind(value, 'float');
const isInteger = (value: PythonNumber): value is number | bigint =>
  typeof value === 'bigint' ? value >= -MAX_INT64 && value < MAX_INT64 : Number.isSafeInteger(value);

/** Bools, integers of 64 bits, or else float64; undefined unless all are numbers. */
export function arrayOfNumbers(
  values: readonly Value[],
  { name, shape, path }: { name: string; shape: readonly number[]; path: string },
): StoredArray | undefined {
  if (!values.every(isNumber)) return undefined;
  const data = typed(values);
  const type = elementType(
    data instanceof Uint8Array ? 'bool' : data instanceof BigInt64Array ? 'int64' : 'float64',
  );
  const source = inMemory(new Uint8Array(data.buffer), path);
  return { name, shape, type, typeName: type.name, source, offset: 0 };
}

function typed(
  values: readonly PythonNumber[],
): Uint8Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  if (values.every((value) => typeof value === 'boolean')) return Uint8Array.from(values, Number);
  if (values.every(isInteger)) return BigInt64Array.from(values, BigInt);
  return Float64Array.from(values, (value) => Number(hasKind(value, 'float') ? value.value : value));
}
