/** What a caller hands over and core has no check for: one sentence instead of a TypeError from further down. */
import { checkFunctions, checkIntegers, checkLists, InputError, shown } from '@longtail/core';

/** @throws InputError for anything but a path */
export function expectPath(name: string, value: unknown): asserts value is string {
  if (typeof value === 'string' && value !== '') return;
  throw new InputError(`${name} must be a path, but it is ${shown(value)}.`, { [name]: value });
}

/** @throws InputError for anything but texts that all differ: a class is found by its name */
export function expectNames(name: string, values: unknown): void {
  checkLists({ [name]: values });
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
  checkLists({ [name]: values });
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(Number.isInteger(value) && value >= least && value <= most))
      throw new InputError(
        `${name} must be integers from ${least} to ${most}, but ${name}[${i}] is ${shown(value)}.`,
        { index: i, value },
      );
  }
}

/** @throws InputError naming the first that is neither absent nor a function */
export function expectCallbacks(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) checkFunctions({ [name]: value });
}

/** @throws InputError for what is neither absent nor the signal of an AbortController */
export function expectSignal(signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new InputError(`signal must be an AbortSignal, but it is ${shown(signal)}.`, { signal });
}

/** @throws InputError for anything but a number of pixels, or Infinity */
export function expectMaxPixels(maxPixels: unknown): void {
  if (maxPixels !== Number.POSITIVE_INFINITY) checkIntegers({ maxPixels });
}
