/**
 * Long-tailed class counts of a balanced set (Cui et al. 2019, Cao et al. 2019), truncated as their code does:
 * exponential n_c = trunc(n_max f^(c / (C - 1))), f = 1 / imbalance factor; step: the first half n_max, the rest n_max f.
 */
import { InputError } from '@longtail/core';

/**
 * @param options.largest n_max, images of the first class
 * @param options.imbalanceFactor n_max / n_min, >= 1
 * @returns n_c, shape [C]
 * @throws InputError for numbers out of range
 * @example
 * longTail({ numClasses: 10, largest: 5000, imbalanceFactor: 100 }); // 5000, 2997, ..., 50
 */
export function longTail({
  numClasses,
  largest,
  imbalanceFactor,
  profile = 'exponential',
}: {
  numClasses: number;
  largest: number;
  imbalanceFactor: number;
  profile?: 'exponential' | 'step';
}): Int32Array {
  if (!(numClasses >= 1 && largest >= 1 && imbalanceFactor >= 1))
    throw new InputError(
      `a long tail needs numClasses, largest and imbalanceFactor >= 1, but got ${numClasses}, ${largest} and ${imbalanceFactor}.`,
    );
  const f = 1 / imbalanceFactor;
  return Int32Array.from({ length: numClasses }, (_, c) => {
    if (profile === 'step') return c < numClasses / 2 ? largest : Math.trunc(largest * f);
    return Math.trunc(largest * f ** (c / Math.max(1, numClasses - 1)));
  });
}
