/** Pearson's correlation. */

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** 0 where one side does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  const scale = product(a, meanA, a, meanA) * product(b, meanB, b, meanB);
  return scale > 0 ? product(a, meanA, b, meanB) / Math.sqrt(scale) : 0;
}
