/** The chi-square distribution of k degrees of freedom, k an integer: then it has a closed form (DLMF 8.4.9 and 8.4.14). */
import { erfc } from './normal.ts';

/** P(X > x): from 0 or 1 degree of freedom up by two, S(k + 2) = S(k) + (x/2)^(k/2) exp(-x/2) / Gamma(k/2 + 1). */
export function chiSquareAbove(x: number, degrees: number): number {
  const half = x / 2;
  const odd = degrees % 2;
  let above = odd ? erfc(Math.sqrt(half)) : 0;
  let term = Math.exp(-half) * (odd ? 2 * Math.sqrt(half / Math.PI) : 1);
  for (let k = odd; k < degrees; k += 2) {
    above += term;
    term *= half / (k / 2 + 1);
  }
  return above;
}
