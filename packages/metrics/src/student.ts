/** Student's t by the finite sums of integer degrees of freedom: Abramowitz and Stegun 26.7.3 and 26.7.4. */

/** P(|T| <= t), t >= 0: with tan(angle) = t / sqrt(degrees) a sum of powers of the cosine. */
function shareWithin(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let [term, sum] = [isOdd ? cos : 1, 0];
  for (let n = isOdd ? 1 : 0; n < degrees - 1; n += 2) {
    sum += term;
    term *= ((n + 1) / (n + 2)) * cos ** 2;
  }
  return isOdd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}

/** P(|T| >= |t|). */
export const studentP = (t: number, degrees: number): number =>
  Math.min(1, Math.max(0, 1 - shareWithin(Math.abs(t), degrees)));

/** By bisection. @param p in [0.5, 1) */
export function studentQuantile(p: number, degrees: number): number {
  const isBelow = (t: number) => shareWithin(t, degrees) < 2 * p - 1;
  let [low, high] = [0, 1];
  while (isBelow(high) && high < 1e15) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return high;
}
