import { InputError } from '@longtail/core';

/** @throws InputError unless least <= value < below, which a NaN is not */
export function expectNumber(
  name: string,
  value: number,
  { least = 0, below = Number.POSITIVE_INFINITY }: { least?: number; below?: number } = {},
): void {
  if (typeof value === 'number' && value >= least && value < below) return;
  const range =
    below === Number.POSITIVE_INFINITY ? `a finite number >= ${least}` : `in [${least}, ${below})`;
  throw new InputError(`${name} must be ${range}, but ${value} was given.`, { name, value });
}
