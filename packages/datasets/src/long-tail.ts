/**
 * Long-tailed class counts of a balanced set (Cui et al. 2019, Cao et al. 2019), truncated as their code does, with
 * f = 1 / imbalance factor and c = 0 .. C - 1:
 * exponential n_c = trunc(n_max f^(c / (C - 1))); step: the first half n_max, the rest trunc(n_max f);
 * Pareto (Zipf's form of it): n_c = trunc(n_max (c + 1)^(-p)), p = ln(1/f) / ln C, so that the last class has n_max f.
 */
import { checkIntegers, checkOneOf, checkOptions, InputError, MOST_CLASSES, shown } from '@longtail/core';

export type Profile = 'exponential' | 'step' | 'pareto';

/** The exponent of f, by the class's place from head to tail. */
const EXPONENTS: Record<Profile, (c: number, numClasses: number) => number> = {
  exponential: (c, numClasses) => c / Math.max(1, numClasses - 1),
  step: (c, numClasses) => (c < numClasses / 2 ? 0 : 1),
  pareto: (c, numClasses) => Math.log(c + 1) / Math.log(Math.max(2, numClasses)),
};

/**
 * @param options.numClasses C, an integer >= 1
 * @param options.largest n_max, images of the first class, >= 1
 * @param options.imbalanceFactor n_max / n_min, >= 1 and finite
 * @param options.reversed the last class is the largest
 * @returns n_c, shape [C]
 * @throws InputError for numbers out of range, and an unknown profile
 * @example
 * longTail({ numClasses: 10, largest: 5000, imbalanceFactor: 100 }); // 5000, 2997, ..., 50
 */
export function longTail(options: {
  numClasses: number;
  largest: number;
  imbalanceFactor: number;
  profile?: Profile;
  reversed?: boolean;
}): Int32Array {
  const { numClasses, largest, imbalanceFactor } = checkOptions(options, { of: 'longTail' });
  const { profile = 'exponential', reversed = false } = options;
  checkIntegers({ numClasses }, { least: 1, most: MOST_CLASSES });
  const areFinite = Number.isFinite(largest) && Number.isFinite(imbalanceFactor);
  if (!(areFinite && largest >= 1 && largest < 2 ** 31 && imbalanceFactor >= 1))
    throw new InputError(
      `a long tail needs finite numbers largest and imbalanceFactor >= 1, but got ${shown(largest)} and ${shown(imbalanceFactor)}.`,
    );
  checkOneOf({ profile }, Object.keys(EXPONENTS));
  checkOneOf({ reversed }, [true, false]);
  const f = 1 / imbalanceFactor;
  const counts = Int32Array.from({ length: numClasses }, (_, c) =>
    Math.trunc(largest * f ** EXPONENTS[profile](c, numClasses)),
  );
  return reversed ? counts.reverse() : counts;
}
