/** What a training row weighs by its class. */

/** 'balanced': a row weighs N / (C n_c), so that all classes weigh alike. */
export type ClassWeight = 'none' | 'balanced';

/** v of each class, and v of all rows together. A class without rows counts for nothing. */
export function weigh(counts: Int32Array, rule: ClassWeight): { v: Float32Array; sum: number } {
  const rows = counts.reduce((sum, n) => sum + n, 0);
  const present = counts.filter((n) => n > 0).length;
  const v = Float32Array.from(counts, (n) => (rule === 'none' || n === 0 ? 1 : rows / (present * n)));
  return { v, sum: counts.reduce((sum, n, c) => sum + n * v[c]!, 0) };
}

/** What is added to the scores: nothing, or -Infinity for a class without rows. */
export const unlessAbsent = (counts: Int32Array): Float32Array =>
  Float32Array.from(counts, (n) => (n === 0 ? Number.NEGATIVE_INFINITY : 0));
