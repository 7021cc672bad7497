/** How uneven the class counts are. */
import { asCounts, extent } from '@longtail/core';

/** max n_c / min n_c over the classes that have images. @throws InputError when a count is not an integer >= 0, or all are 0 */
export function imbalanceFactor(counts: ArrayLike<number>): number {
  const [least, most] = extent(asCounts(counts).filter((n) => n > 0));
  return most / least;
}

/**
 * The Gini coefficient of the counts: 0 when all are equal, near 1 when one class has nearly all.
 *
 * @throws InputError as {@link imbalanceFactor}
 */
export function gini(counts: ArrayLike<number>): number {
  const ascending = asCounts(counts).sort();
  const n = ascending.length;
  const sum = ascending.reduce((so, count) => so + count, 0);
  const weighted = ascending.reduce((so, count, i) => so + (i + 1) * count, 0);
  return (2 * weighted) / (n * sum) - (n + 1) / n;
}
