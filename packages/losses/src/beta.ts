/** Beta(a, a) numbers, the shares of mixup: x / (x + y) of two Gamma(a) numbers (Marsaglia & Tsang 2000). */
import { checkNumbers, type Random } from '@longtail/core';

/** Gamma(shape, 1) for shape >= 1: a cube of a normal number, accepted against the density. */
function gammaFrom1(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** log of a Gamma number; below 1 it is one of shape + 1 times u^(1/shape), which may be too small for a double itself. */
function logGamma(shape: number, random: Random): number {
  if (shape >= 1) return Math.log(gammaFrom1(shape, random));
  return Math.log(gammaFrom1(shape + 1, random)) + Math.log(1 - random.uniform()) / shape;
}

/**
 * @param alpha a > 0; 1: uniform
 * @returns a number in [0, 1], symmetric around 1/2
 * @throws InputError when alpha is not above 0
 */
export function symmetricBeta(alpha: number, random: Random): number {
  checkNumbers({ alpha }, { above: 0 });
  const [x, y] = [logGamma(alpha, random), logGamma(alpha, random)];
  return 1 / (1 + Math.exp(y - x));
}
