/**
 * Holm's adjustment of m p-values, so that one false finding or more among all has at most the level's probability, whatever depends on
 * what: in ascending order p_(i) becomes max over j <= i of min(1, (m - j + 1) p_(j)). S. Holm, Scand. J. Statist. 6 (1979).
 */
import { checkLists, checkNumbers } from '@longtail/core';

/**
 * @param pValues in [0, 1], in any order
 * @returns the adjusted ones, in the same order
 * @throws InputError naming the first that is outside [0, 1]
 * @example
 * holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function holm(pValues: ArrayLike<number>): number[] {
  checkLists({ pValues });
  const all = Array.from(pValues);
  for (const [i, p] of all.entries()) checkNumbers({ [`pValues[${i}]`]: p }, { least: 0, most: 1 });
  const adjusted = new Array<number>(all.length);
  let least = 0;
  const ascending = [...all.keys()].sort((a, b) => all[a]! - all[b]!);
  for (const [place, i] of ascending.entries()) {
    least = Math.max(least, Math.min(1, (all.length - place) * all[i]!));
    adjusted[i] = least;
  }
  return adjusted;
}
