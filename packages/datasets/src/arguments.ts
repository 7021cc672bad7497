/** What a caller hands over, checked where it comes in: one sentence instead of a TypeError from further down. */
import { inspect } from 'node:util';
import { InputError } from '@longtail/core';

const shown = (value: unknown): string =>
  inspect(value, { depth: 0, maxArrayLength: 3, maxStringLength: 80, breakLength: Number.POSITIVE_INFINITY });

/** @throws InputError for anything but a path */
export function expectPath(name: string, value: unknown): asserts value is string {
  if (typeof value === 'string' && value !== '') return;
  throw new InputError(`${name} must be a path, but it is ${shown(value)}.`, { [name]: value });
}

/** @throws InputError for any other name, such as one that all objects inherit */
export function expectOneOf(name: string, value: unknown, names: readonly string[]): void {
  if (typeof value === 'string' && names.includes(value)) return;
  throw new InputError(`${name} is one of ${names.join(', ')}, but ${shown(value)} was given.`, {
    [name]: value,
  });
}

/** @throws InputError for anything but an array or a typed array */
export function expectList(name: string, value: unknown): void {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)) return;
  throw new InputError(`${name} must be an array, but it is ${shown(value)}.`, { [name]: value });
}

/** @throws InputError for anything but texts that all differ: a class is found by its name */
export function expectNames(name: string, values: unknown): void {
  expectList(name, values);
  const seen = new Set<unknown>();
  for (const [i, value] of (values as unknown[]).entries()) {
    if (typeof value !== 'string' || seen.has(value))
      throw new InputError(`${name} must be texts that all differ, but ${name}[${i}] is ${shown(value)}.`, {
        index: i,
        value,
      });
    seen.add(value);
  }
}

/** @throws InputError naming the first that is no integer from `least` to `most`, and its place */
export function expectIntegers(
  name: string,
  values: ArrayLike<number>,
  { least = 0, most }: { least?: number; most: number },
): void {
  expectList(name, values);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(Number.isInteger(value) && value >= least && value <= most))
      throw new InputError(
        `${name} must be integers from ${least} to ${most}, but ${name}[${i}] is ${shown(value)}.`,
        { index: i, value },
      );
  }
}

/** @throws InputError for anything but an integer from `least` to `most` */
export function expectInteger(
  name: string,
  value: unknown,
  { least, most }: { least: number; most: number },
): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw new InputError(`${name} must be an integer from ${least} to ${most}, but it is ${shown(value)}.`, {
    [name]: value,
  });
}
