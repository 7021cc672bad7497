/** How uneven the class counts are. */

/** max n_c / min n_c over the classes that have images. */
export function imbalanceFactor(counts: ArrayLike<number>): number {
  const present = Array.from(counts).filter((n) => n > 0);
  return Math.max(...present) / Math.min(...present);
}

/** The Gini coefficient of the counts: 0 when all are equal, near 1 when one class has nearly all. */
export function gini(counts: ArrayLike<number>): number {
  const ascending = Array.from(counts).sort((a, b) => a - b);
  const n = ascending.length;
  const [sum, weighted] = ascending.reduce(([s, w], count, i) => [s + count, w + (i + 1) * count], [0, 0]);
  return (2 * weighted) / (n * sum) - (n + 1) / n;
}
