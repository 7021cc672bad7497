/**
 * The bias-corrected and accelerated interval of bootstrap replicates: B. Efron, JASA 82 (1987); Efron and Tibshirani, "An
 * Introduction to the Bootstrap" (1993), 14.3. Its ends are the replicates at the shares
 *   Phi(z0 + (z0 + z) / (1 - a (z0 + z))), z = -+ Phi^-1((1 + confidence) / 2),
 * where z0 = Phi^-1 of the share of replicates below the observed value (half of those equal to it), and a is the acceleration.
 */
import { checkLists, checkNumbers, checkOptions, InputError, shown } from '@longtail/core';
import { checkConfidence, type Interval, quantile } from './interval.ts';
import { normalCdf, normalQuantile } from './normal.ts';

export interface BcaOptions {
  /** The statistic of the rows themselves. */
  readonly observed: number;
  /** a: a sixth of the skewness of what the rows contribute; default 0. */
  readonly acceleration?: number;
}

/** Half of the equal ones count. */
function shareBelow(sorted: Float64Array, value: number): number {
  let twice = 0;
  for (const one of sorted) twice += one < value ? 2 : one === value ? 1 : 0;
  return twice / (2 * sorted.length);
}

/** Where all replicates lie on one side there is no z0: 0 leaves the plain percentiles. */
function bias(sorted: Float64Array, observed: number): number {
  const z0 = normalQuantile(shareBelow(sorted, observed));
  return Number.isFinite(z0) ? z0 : 0;
}

function sortedReplicates(replicates: ArrayLike<number>): Float64Array {
  checkLists({ replicates });
  const sorted = new Float64Array(replicates.length);
  for (let i = 0; i < sorted.length; i++) {
    if (!Number.isFinite(replicates[i]))
      throw new InputError(`replicates must be finite, but replicates[${i}] is ${shown(replicates[i])}.`);
    sorted[i] = replicates[i]!;
  }
  if (sorted.length > 0) return sorted.sort();
  throw new InputError('replicates must hold at least one number, but the list is empty.');
}

/**
 * @param replicates the statistic of each resample, in any order
 * @throws InputError when there are none, or naming the first that is not finite
 * @example
 * bcaInterval([0.1, 0.2, 0.2, 0.3, 0.4], { observed: 0.2, confidence: 0.8 });
 */
export function bcaInterval(
  replicates: ArrayLike<number>,
  options: BcaOptions & { confidence?: number },
): Interval {
  const { observed, acceleration = 0, confidence = 0.95 } = checkOptions(options, { of: 'bcaInterval' });
  checkNumbers({ observed, acceleration });
  checkConfidence(confidence);
  const sorted = sortedReplicates(replicates);
  const z0 = bias(sorted, observed);
  const end = (z: number): number => {
    const room = 1 - acceleration * (z0 + z);
    return quantile(sorted, room > 0 ? normalCdf(z0 + (z0 + z) / room) : z > 0 ? 1 : 0);
  };
  const z = normalQuantile((1 + confidence) / 2);
  return { low: end(-z), high: end(z) };
}

/**
 * The p-value, two-sided, of the hypothesis that the statistic is 0: one less the confidence of the interval that ends there. With R
 * replicates it has no more to go by than R + 1 places, so that the smallest is about 1 / (R + 1).
 *
 * @param replicates the statistic of each resample, in any order
 * @throws InputError as {@link bcaInterval}
 */
export function bcaP(replicates: ArrayLike<number>, options: BcaOptions): number {
  const { observed, acceleration = 0 } = checkOptions(options, { of: 'bcaP' });
  checkNumbers({ observed, acceleration });
  const sorted = sortedReplicates(replicates);
  const z0 = bias(sorted, observed);
  const share = (shareBelow(sorted, 0) * sorted.length + 0.5) / (sorted.length + 1);
  const beyond = normalQuantile(share) - z0;
  const room = 1 + acceleration * beyond;
  const below = room > 0 ? normalCdf(beyond / room - z0) : beyond > 0 ? 1 : 0;
  return Math.min(1, 2 * Math.min(below, 1 - below));
}
