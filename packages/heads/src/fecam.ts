/**
 * FeCAM (Goswami et al., NeurIPS 2023): minus the Mahalanobis distance to each class, by a covariance of its own,
 *   z_c = -(g(f) - g(m_c))^T R_c^-1 (g(f) - g(m_c)),   g(f) = f^t / |f^t|  (Tukey's power, equation 6)
 *   R_c: the correlations in  S_c + a V1 I + b V2 (1 - I),  S_c the covariance of f^t, V1 and V2 the means of its diagonal and of the rest
 * Reference: dipamgoswami/FeCAM, models/base.py. Defaults, its own for CIFAR-100: t = 0.5, and a = b = 3, which is its shrinkage of 1
 * done twice. Its transformers have t = 1, a = 1 and b = 0. There a class of one row has no distance (NaN): here it has the mean of the
 * others' R_c, as has one of equal rows.
 */
import {
  checkIntegers,
  checkNumbers,
  checkOptions,
  groupByClass,
  InputError,
  type LabelList,
} from '@longtail/core';
import { solvePositive } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { classMeans } from './class-sums.ts';
import { unitRows } from './cosine.ts';
import { fecamFrom, powerOf } from './fecam-from.ts';
import { diagonalOf, gram, LEAST_SPREAD } from './gram.ts';
import type { Head } from './head.ts';
import { unlessAbsent } from './row-weights.ts';
import { checkTrainingSet, type TrainingSet } from './training-set.ts';

export interface FecamOptions {
  readonly numClasses: number;
  /** t, above 0, at most 1; below 1 features must be >= 0, as behind a ReLU. Default: 0.5. */
  readonly tukey?: number;
  /** a, above 0. Default: 3. */
  readonly diagonal?: number;
  /** b, at most a. Default: 3. */
  readonly offDiagonal?: number;
}

/** Inverses of 1 GiB. */
const MOST_VALUES = 2 ** 28;

type Rows = tf.Tensor2D;

/** @throws InputError naming the first row of which there is no power */
function checkPositive(features: Rows): void {
  const row = tf.tidy(() =>
    tf
      .min(features, 1)
      .dataSync()
      .findIndex((least) => least < 0),
  );
  if (row >= 0)
    throw new InputError(
      `fecam takes powers of features, which must be >= 0, but row ${row} (from 0) holds one below; take tukey: 1.`,
      { row },
    );
}

/** S_c of one class, whose mean is given, [1, D]. */
function covariance(powers: (start: number, count: number) => Rows, mean: Rows, total: number): Rows {
  const spread = gram((start, count) => tf.sub(powers(start, count), mean), { total });
  return tf.div(spread, total - 1);
}

/** R_c; nothing where there is no spread. */
function correlations(
  s: Rows,
  mean: Rows,
  { diagonal, offDiagonal }: { diagonal: number; offDiagonal: number },
): Rows | undefined {
  const [size] = s.shape;
  const variances = diagonalOf(s);
  const [trace, sum, square] = [variances, s, tf.square(mean)].map(
    (values) => tf.sum(values).dataSync()[0]!,
  ) as [number, number, number];
  if (!(trace > LEAST_SPREAD * square)) return undefined;
  const own = (diagonal * trace) / size;
  const rest = (offDiagonal * (sum - trace)) / Math.max(1, size * (size - 1));
  const shrunk = tf.add(tf.add(s, rest), tf.mul(tf.eye(size), own - rest));
  const rates = tf.rsqrt(tf.add(variances, own));
  return tf.mul(tf.mul(shrunk, rates), tf.reshape(rates, [size, 1]));
}

/** R_c^-1 of every class, [C, D, D]. */
function inverses(
  features: Rows,
  set: TrainingSet,
  how: Required<Omit<FecamOptions, 'numClasses'>>,
): tf.Tensor3D {
  const { order, offsets, counts } = groupByClass(set.labels, { numClasses: set.counts.length });
  const power = (rows: Rows) => powerOf(rows, how.tukey);
  const means = classMeans(features, set, { seen: power });
  const featureDim = features.shape[1];
  const found = Array.from(counts, (n, c) =>
    n < 2
      ? undefined
      : tf.tidy(() => {
          const from = offsets[c]!;
          const mean = tf.slice(means, [c, 0], [1, featureDim]);
          const rows = (start: number, count: number) =>
            power(tf.gather(features, order.subarray(from + start, from + start + count)));
          return correlations(covariance(rows, mean, n), mean, how);
        }),
  );
  const known = found.filter((one) => one !== undefined);
  if (known.length === 0)
    throw new InputError(
      'fecam needs a class with two different rows, of which it learns how features vary, but no class has them; take ncm.',
    );
  const inverse = (r: Rows) => tf.tidy(() => solvePositive(r, tf.eye(featureDim)));
  const others = found.includes(undefined)
    ? tf.tidy(() => inverse(tf.div(tf.addN(known), known.length)))
    : undefined;
  const all = found.map((r) => {
    if (!r) return others!;
    const one = inverse(r);
    r.dispose();
    return one;
  });
  return tf.stack(all) as tf.Tensor3D;
}

/**
 * @param features shape [N, D]; C D^2 is at most 2^28
 * @param labels shape [N]; a class without rows scores -Infinity
 * @throws InputError when rows and labels do not fit, a row is not finite, or below 0 and t is not 1, an option is out of range, no class
 * has two different rows, or classes and features are too many
 * @example
 * const head = fecam(features, labels, { numClasses: 10 });
 */
export function fecam(features: tf.Tensor2D, labels: LabelList, options: FecamOptions): Head {
  const { numClasses, tukey = 0.5 } = checkOptions(options, { of: 'fecam' });
  const { diagonal = 3, offDiagonal = 3 } = options;
  const set = checkTrainingSet(features, labels, { numClasses, of: 'fecam' });
  const featureDim = features.shape[1];
  checkIntegers({ 'numClasses * featureDim^2': numClasses * featureDim ** 2 }, { most: MOST_VALUES });
  checkNumbers({ tukey }, { above: 0, most: 1 });
  checkNumbers({ diagonal }, { above: 0 });
  checkNumbers({ offDiagonal }, { least: 0, most: diagonal });
  if (tukey < 1) checkPositive(features);
  const how = { tukey, diagonal, offDiagonal };
  const [means, precision] = tf.tidy(() => [
    unitRows(powerOf(classMeans(features, set), tukey)),
    inverses(features, set, how),
  ]) as [tf.Tensor2D, tf.Tensor3D];
  const bias = tf.tensor1d(unlessAbsent(set.counts));
  return fecamFrom('fecam', { means, precision, bias }, { tukey });
}
