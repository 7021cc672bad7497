import { expect } from 'vitest';

/** The largest |a_i - b_i|; NaN in exactly one of the two counts as Infinity. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Number.isNaN(a[i]!) && Number.isNaN(b[i]!) ? 0 : Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}

/** Expects |actual_i - expected_i| <= absolute + relative * max |expected|: the scale of a float32 sum's error. */
export function toBeCloseTo(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute = 1e-6, relative = 1e-5 }: { absolute?: number; relative?: number } = {},
): void {
  let scale = 0;
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i]!)) scale = Math.max(scale, Math.abs(expected[i]!));
  expect(maxDifference(actual, expected)).toBeLessThanOrEqual(absolute + relative * scale);
}
