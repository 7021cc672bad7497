/**
 * By how much mean ranks must differ: Nemenyi's q sqrt(k (k + 1) / (6 N)), where q sqrt(2) is the quantile of the range of k standard normals.
 * J. Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006), section 3.2.2.
 */
import { checkIntegers, checkOptions } from '@longtail/core';
import { checkConfidence } from './interval.ts';
import { normalCdf } from './normal.ts';

const [STEP, END] = [0.05, 9];
const MOST_METHODS = 1000;

/** P(range of k normals <= q) = k int phi(z) (Phi(z) - Phi(z - q))^(k - 1) dz; of a smooth function that vanishes at both ends, the sum is exact. */
function rangeBelow(q: number, k: number): number {
  let sum = 0;
  for (let z = -END; z <= END + q; z += STEP)
    sum += Math.exp((-z * z) / 2) * (normalCdf(z) - normalCdf(z - q)) ** (k - 1);
  return (k * sum * STEP) / Math.sqrt(2 * Math.PI);
}

/**
 * @param options.methods k, from 2 to 1000
 * @param options.dataSets N
 * @throws InputError naming what is out of its range
 * @example
 * criticalDifference({ methods: 5, dataSets: 30 }); // 1.11
 */
export function criticalDifference(options: {
  methods: number;
  dataSets: number;
  confidence?: number;
}): number {
  const { methods, dataSets, confidence = 0.95 } = checkOptions(options, { of: 'criticalDifference' });
  checkIntegers({ methods }, { least: 2, most: MOST_METHODS });
  checkIntegers({ dataSets });
  checkConfidence(confidence);
  let [low, high] = [0, 2 * END];
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (rangeBelow(middle, methods) < confidence) low = middle;
    else high = middle;
  }
  return (high / Math.SQRT2) * Math.sqrt((methods * (methods + 1)) / (6 * dataSets));
}
