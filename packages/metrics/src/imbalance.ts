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

/** The least number of classes, in the given order, that hold a share of all images in fifths. */
function classesHolding(ordered: Float64Array, fifths: number): number {
  const images = ordered.reduce((so, count) => so + count, 0);
  let [classes, held] = [0, 0];
  while (5 * held < fifths * images) held += ordered[classes++]!;
  return classes;
}

/**
 * The Pareto-LT ratio of HeroLT (Wang et al., 2023), as its published table has it: the least number of rare classes that hold 20 % of
 * the images, over the least number of frequent ones that hold 80 %. 0.25 where five classes are equal, 1.339 of ImageNet-LT.
 *
 * @throws InputError as {@link imbalanceFactor}
 */
export function ltRatio(counts: ArrayLike<number>): number {
  const ascending = asCounts(counts).sort();
  return classesHolding(ascending, 1) / classesHolding(ascending.toReversed(), 4);
}
