/**
 * Clustered conformal prediction (Ding, Angelopoulos, Bates, Jordan & Tibshirani, NeurIPS 2023, section 2): a part of the calibration
 * rows groups classes whose scores are distributed alike, the rest gives a threshold a group. A class is described by quantiles of
 * its scores, weighted by the root of its rows; classes with too few for a quantile get the threshold of all.
 */
import { random } from '@longtail/core';
import { conformalQuantile } from './conformal-scores.ts';

/** Levels beside 1 - alpha. */
const LEVELS = [0.5, 0.6, 0.7, 0.8, 0.9];
const ROUNDS = 100;

const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

function nearest(point: Float64Array, centres: readonly Float64Array[]): number {
  let best = 0;
  for (let k = 1; k < centres.length; k++)
    if (distance(point, centres[k]!) < distance(point, centres[best]!)) best = k;
  return best;
}

/** Where the sum of the odds passes a number below all of it. */
function placeOf(odds: readonly number[], number: number): number {
  let [place, sum] = [0, odds[0]!];
  while (sum <= number && place < odds.length - 1) {
    place += 1;
    sum += odds[place]!;
  }
  return place;
}

/**
 * k-means of weighted points, from k-means++.
 *
 * @returns the cluster of each point
 */
function weightedKMeans(
  points: readonly Float64Array[],
  weights: readonly number[],
  { clusters, seed }: { clusters: number; seed: number },
): number[] {
  const generator = random(seed, 'k-means');
  const centres: Float64Array[] = [];
  while (centres.length < clusters) {
    const odds = points.map((point, i) => {
      const apart = centres.map((centre) => distance(point, centre));
      return weights[i]! * (apart.length === 0 ? 1 : apart.reduce((a, b) => Math.min(a, b)));
    });
    const total = odds.reduce((a, b) => a + b, 0);
    if (total === 0) break; // no more points that differ
    centres.push(points[placeOf(odds, generator.uniform() * total)]!);
  }
  let found: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const next = points.map((point) => nearest(point, centres));
    if (next.every((k, i) => k === found[i])) break;
    found = next;
    for (const k of centres.keys()) {
      const own = points.flatMap((point, i) => (found[i] === k ? [{ point, weight: weights[i]! }] : []));
      const sum = own.reduce((total, { weight }) => total + weight, 0);
      if (sum > 0)
        centres[k] = centres[k]!.map(
          (_, d) => own.reduce((total, { point, weight }) => total + weight * point[d]!, 0) / sum,
        );
    }
  }
  return found;
}

/** The level of a quantile by linear interpolation, as NumPy's. */
function quantile(sorted: Float64Array, level: number): number {
  const at = level * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @returns a threshold a class, of the calibrating part of its group; of all classes' where it, or its group, has too few rows */
export function clusteredThresholds(
  byClass: readonly Float64Array[],
  { alpha, seed }: { alpha: number; seed: number },
): Float64Array {
  const least = 1 / Math.min(alpha, 0.1) - 1;
  const rarest = byClass.reduce((few, { length }) => Math.min(few, length), Number.POSITIVE_INFINITY);
  const typical = Math.max(rarest, Math.ceil(least));
  const many = byClass.filter(({ length }) => length >= typical).length;
  const share = many / (75 + many); // the authors' rule: more classes, more rows to tell them apart
  const clusters = Math.floor(Math.floor(share * typical) / 2);
  const generator = random(seed, 'clustered');
  const parts = byClass.map((scores) => {
    const shuffled = Float64Array.from(generator.shuffle(Array.from(scores)));
    const end = Math.floor(share * scores.length);
    return { describing: shuffled.subarray(0, end).toSorted(), calibrating: shuffled.subarray(end) };
  });
  const all = conformalQuantile(joined(parts.map(({ calibrating }) => calibrating)), alpha);
  const thresholds = new Float64Array(byClass.length).fill(all);
  const grouped = parts.flatMap((part, c) => (part.describing.length >= least ? [{ ...part, c }] : []));
  if (clusters < 2 || grouped.length <= clusters) return thresholds;
  const points = grouped.map(({ describing }) =>
    Float64Array.from([...LEVELS, 1 - alpha], (level) => quantile(describing, level)),
  );
  const weights = grouped.map(({ describing }) => Math.sqrt(describing.length));
  const found = weightedKMeans(points, weights, { clusters, seed });
  for (let k = 0; k < clusters; k++) {
    const own = grouped.filter((_, i) => found[i] === k);
    const q = conformalQuantile(joined(own.map(({ calibrating }) => calibrating)), alpha);
    for (const { c } of own) thresholds[c] = Number.isFinite(q) ? q : all;
  }
  return thresholds;
}
