/**
 * RanPAC (McDonnell et al., NeurIPS 2023): features seen through many random neurons, then ridge regression to one-hot labels,
 *   h = relu(P^T f),  P [D, M] of normal numbers;   z = W h,  W = Q^T (G + a I)^-1,  G = sum_i v_i h_i h_i^T,  Q = sum_i v_i h_i y_i^T
 * Reference: RanPAC/RanPAC, RanPAC.py (v = 1). Defaults, its own: M = 10,000; a of 10^-8, 10^-7, ..., 10^8 by the squared error on a fifth
 * of the rows that G and Q do not know, here drawn by the seed. G is of M x M: 400 MB at its default, and three of them for a chosen a.
 */
import {
  checkIntegers,
  checkNumbers,
  checkOneOf,
  checkOptions,
  InputError,
  type LabelList,
  random,
} from '@longtail/core';
import { normal, solvePositive } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { classSums } from './class-sums.ts';
import { gram } from './gram.ts';
import type { Head } from './head.ts';
import { ranpacFrom } from './ranpac-from.ts';
import { type ClassWeight, unlessAbsent, weigh } from './row-weights.ts';
import { checkTrainingSet, type TrainingSet } from './training-set.ts';

export interface RanpacOptions {
  readonly numClasses: number;
  readonly seed: number;
  /** M, how many neurons. Default: 10,000. */
  readonly width?: number;
  /**
   * a, above 0; 'held-out': by a fifth of the rows, five at least, which says nothing where the features were trained on them.
   * Default: 'held-out'.
   */
  readonly alpha?: number | 'held-out';
  /** 'balanced': a row weighs N / (C n_c), also in the squared error. Default: 'none'. */
  readonly classWeight?: ClassWeight;
  /** How many rows are looked at together. Default: 1024. */
  readonly chunk?: number;
}

/** A head that knows the strength of its penalty, given or chosen. */
export interface RanpacHead extends Head {
  readonly alpha: number;
}

const ALPHAS: readonly number[] = Array.from({ length: 17 }, (_, i) => 10 ** (i - 8));

/** G [M, M] and Q [M, C] of some rows. */
interface Sums {
  readonly g: tf.Tensor2D;
  readonly q: tf.Tensor2D;
}

interface Problem {
  readonly features: tf.Tensor2D;
  readonly set: TrainingSet;
  /** v of each class. */
  readonly v: Float32Array;
  readonly seen: (rows: tf.Tensor2D) => tf.Tensor2D;
  readonly chunk: number;
}

function sumsOf(rows: Int32Array, { features, set, v, seen, chunk }: Problem): Sums {
  const labels = rows.map((row) => set.labels[row]!);
  const roots = Float32Array.from(labels, (c) => Math.sqrt(v[c]!));
  const rowsOf = (start: number, count: number) =>
    seen(tf.gather(features, rows.subarray(start, start + count)));
  const g = gram(
    (start, count) =>
      tf.mul(rowsOf(start, count), tf.tensor2d(roots.subarray(start, start + count), [count, 1])),
    { total: rows.length, chunk },
  );
  const q = tf.tidy(() => {
    const sums = classSums(rowsOf, labels, { numClasses: v.length, chunk });
    return tf.transpose(tf.mul(sums, tf.tensor2d(v, [v.length, 1]))) as tf.Tensor2D;
  });
  return { g, q };
}

/** W^T [M, C]; nothing where a is lost in the rounding of G. */
function solved({ g, q }: Sums, alpha: number): tf.Tensor2D | undefined {
  try {
    return solvePositive(g, q, { ridge: alpha });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The squared error on rows of these sums, but for what is the same for every W: tr(W G W^T) - 2 tr(W Q). */
const errorOf = (w: tf.Tensor2D, { g, q }: Sums): number =>
  tf.tidy(() => tf.sum(tf.mul(w, tf.sub(tf.matMul(g, w), tf.mul(q, 2)))).dataSync()[0]!);

function chooseAlpha(known: Sums, held: Sums): number {
  let [best, least] = [Number.NaN, Number.POSITIVE_INFINITY];
  for (const alpha of ALPHAS)
    tf.tidy(() => {
      const w = solved(known, alpha);
      const error = w ? errorOf(w, held) : Number.POSITIVE_INFINITY;
      if (error < least) [best, least] = [alpha, error];
    });
  if (Number.isNaN(best))
    throw new InputError(
      'ranpac found no alpha up to 1e8 that its features can be solved with; scale them down, or give an alpha.',
    );
  return best;
}

/** W^T, and the strength that it has. */
function fitted(
  problem: Problem,
  { wanted, order }: { wanted: number | 'held-out'; order: Int32Array },
): { w: tf.Tensor2D; alpha: number } {
  if (wanted !== 'held-out') {
    const { g, q } = sumsOf(order, problem);
    return { w: solvePositive(g, q, { ridge: wanted }), alpha: wanted };
  }
  const first = Math.floor(0.8 * order.length);
  const known = sumsOf(order.subarray(0, first), problem);
  const held = sumsOf(order.subarray(first), problem);
  const alpha = chooseAlpha(known, held);
  const [g, q] = [tf.add<tf.Tensor2D>(known.g, held.g), tf.add<tf.Tensor2D>(known.q, held.q)];
  tf.dispose([known.g, held.g]);
  return { w: solvePositive(g, q, { ridge: alpha }), alpha };
}

/**
 * @param features shape [N, D]
 * @param labels shape [N]; a class without rows scores -Infinity
 * @throws InputError when rows and labels do not fit, a row is not finite, or an option is out of range
 * @example
 * const head = ranpac(features, labels, { numClasses: 10, width: 2000, seed: 0 });
 */
export function ranpac(features: tf.Tensor2D, labels: LabelList, options: RanpacOptions): RanpacHead {
  const { numClasses, seed, width = 10_000 } = checkOptions(options, { of: 'ranpac' });
  const { alpha: wanted = 'held-out', classWeight = 'none', chunk = 1024 } = options;
  const set = checkTrainingSet(features, labels, { numClasses, of: 'ranpac' });
  checkIntegers({ width }, { most: 2 ** 15 });
  checkIntegers({ chunk });
  if (wanted !== 'held-out') checkNumbers({ alpha: wanted }, { above: 0 });
  checkOneOf({ classWeight }, ['none', 'balanced']);
  const order = random(seed, 'ranpac', 'held out').shuffle(Int32Array.from(set.labels.keys()));
  if (wanted === 'held-out' && order.length < 5)
    throw new InputError(
      `ranpac needs five rows to hold one of them out, but got ${order.length}; give an alpha.`,
    );
  const [total, featureDim] = features.shape;
  const keys = ['ranpac', 'projection'];
  const projection = normal([featureDim, width], { seed, keys }) as tf.Tensor2D;
  const seen = (rows: tf.Tensor2D) => tf.relu(tf.matMul(rows, projection)) as tf.Tensor2D;
  const { v } = weigh(set.counts, classWeight);
  const problem = { features, set, v, seen, chunk: Math.min(chunk, total) };
  try {
    const { w, alpha } = tf.tidy(() => fitted(problem, { wanted, order }));
    const weight = tf.tidy(() => tf.transpose(w));
    w.dispose();
    const tensors = { projection, weight, bias: tf.tensor1d(unlessAbsent(set.counts)) };
    return { ...ranpacFrom('ranpac', tensors, { chunk }), alpha };
  } catch (error) {
    projection.dispose();
    throw error;
  }
}
