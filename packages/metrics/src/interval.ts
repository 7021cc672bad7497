/** A confidence interval. */
import { checkNumbers } from '@longtail/core';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** @throws InputError unless it lies between 0 and 1 */
export const checkConfidence = (confidence: number): void =>
  checkNumbers({ confidence }, { above: 0, below: 1 });

/** The value at share q of the way through sorted values, between two of them in proportion: NumPy's default. */
export function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const value = sorted[below]!;
  return value + (at - below) * ((sorted[below + 1] ?? value) - value);
}
