/** Every k-th of many values and the norm of all: what golden scripts keep of large results. */
import { expect } from 'vitest';
import { toBeCloseTo } from './close.ts';

export interface Sample {
  readonly norm: number;
  readonly values: readonly number[];
}

/** @param relative of the largest sampled value, and of the norm */
export function toMatchSample(found: ArrayLike<number>, { norm, values }: Sample, relative: number): void {
  const step = Math.floor(found.length / values.length);
  toBeCloseTo(
    values.map((_, i) => found[i * step]!),
    values,
    { relative },
  );
  let squares = 0;
  for (let i = 0; i < found.length; i++) squares += found[i]! ** 2;
  expect(Math.abs(Math.sqrt(squares) / norm - 1)).toBeLessThan(relative);
}
