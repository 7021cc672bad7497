/**
 * Wilson and Hilferty: the chi-square statistic of counts against a law as a z-score. |z| < 4.42 is a significance of 1e-5,
 * both sides: too far from the law, or too close to it to be draws.
 */
export const SIGNIFICANT = 4.42;

export function chiSquareZ(seen: ArrayLike<number>, law: ArrayLike<number>): number {
  let draws = 0;
  for (let c = 0; c < seen.length; c++) draws += seen[c]!;
  let statistic = 0;
  let freedom = -1;
  for (let c = 0; c < law.length; c++) {
    const expected = law[c]! * draws;
    if (expected > 0) freedom += 1;
    else if (seen[c]! > 0) return Number.POSITIVE_INFINITY;
    if (expected > 0) statistic += (seen[c]! - expected) ** 2 / expected;
  }
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
}
