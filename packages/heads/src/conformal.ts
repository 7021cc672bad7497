/**
 * Conformal prediction: sets of classes that hold the right one with a probability of 1 - alpha, whatever the head, from calibration rows
 * that it was not fitted on. q is the ceil((n + 1)(1 - alpha))-th smallest score of n rows; a set is { c : s_c <= q_c }.
 *   marginal: one q, of all rows; right for 1 - alpha of the rows, frequent classes before all.
 *   classwise: q of each class by its own rows; without bound where there are less than 1 / alpha - 1 of them.
 *   clustered: q of groups of classes with scores alike (Ding et al., NeurIPS 2023).
 *   interpolated: mix q_class + (1 - mix) q_marginal, Interp-Q (Ding, Fermanian & Salmon, arXiv 2507.06867, section 2.2).
 */
import {
  asCounts,
  asLabels,
  checkNumbers,
  checkOneOf,
  checkOptions,
  InputError,
  indicesByClass,
  type LabelList,
} from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import {
  type ConformalScore,
  conformalQuantile,
  largestScore,
  SCORES,
  type ScoreRow,
  scoreRow,
} from './conformal-scores.ts';
import { clusteredThresholds } from './score-clusters.ts';
import { checkFinite } from './training-set.ts';

export interface ConformalOptions {
  /** Default: 0.1. */
  readonly alpha?: number;
  /** Default: 'standard'. */
  readonly score?: ConformalScore;
  /** Default: 'marginal'. */
  readonly threshold?: 'marginal' | 'classwise' | 'clustered' | 'interpolated';
  /** Of 'interpolated', in [0, 1]. Default: 0.5. */
  readonly mix?: number;
  /** n_c of the training set, shape [C], which 'pas' needs. */
  readonly counts?: ArrayLike<number>;
  /** Of 'clustered'. Default: 0. */
  readonly seed?: number;
}

export interface Conformal {
  /** q of each class, shape [C]; Infinity: in every set, unless 'pas' has it in none. */
  readonly thresholds: Float64Array;
  /**
   * @param probabilities shape [N, C]
   * @returns the classes of each row's set, the likeliest first; a set may be empty
   */
  sets(probabilities: tf.Tensor2D): Int32Array[];
}

function rowsOf(probabilities: tf.Tensor2D, numClasses?: number): Float32Array[] {
  checkTensors({ probabilities }, { rank: 2 });
  checkFinite(probabilities, { name: 'probabilities' });
  const [rows, classes] = probabilities.shape;
  if (classes !== (numClasses ?? classes))
    throw new InputError(`expected probabilities of ${numClasses} classes, but they are of ${classes}.`);
  const values = probabilities.dataSync<'float32'>();
  return Array.from({ length: rows }, (_, i) => values.subarray(i * classes, (i + 1) * classes));
}

/**
 * @param probabilities of calibration rows, shape [N, C]
 * @param labels shape [N]
 * @throws InputError when rows and labels do not fit, a probability is not finite, or an option is out of range
 * @example
 * const { sets } = conformal(made.probabilities(calibration), labels, { alpha: 0.1, score: 'pas', counts });
 * sets(made.probabilities(test))[0]; // Int32Array [3, 7]
 */
export function conformal(
  probabilities: tf.Tensor2D,
  labels: LabelList,
  options: ConformalOptions = {},
): Conformal {
  const {
    alpha = 0.1,
    score = 'standard',
    threshold = 'marginal',
    mix = 0.5,
    counts,
    seed = 0,
  } = checkOptions(options, { of: 'conformal' });
  checkNumbers({ alpha }, { above: 0, below: 1 });
  checkOneOf({ score }, SCORES);
  checkOneOf({ threshold }, ['marginal', 'classwise', 'clustered', 'interpolated']);
  checkNumbers({ mix }, { least: 0, most: 1 });
  const rows = rowsOf(probabilities);
  const numClasses = probabilities.shape[1];
  const checked = asLabels(labels, { numClasses });
  if (checked.length !== rows.length || rows.length === 0)
    throw new InputError(
      `conformal needs a label for each calibration row, at least one, but got ${checked.length} for ${rows.length}.`,
    );
  const of: ScoreRow = scoreRow(score, counts && priorOf(counts, numClasses));
  const own = Float64Array.from(rows, (row, i) => of(row)[checked[i]!]!);
  const byClass = indicesByClass(checked, { numClasses }).map((places) =>
    Float64Array.from(places, (i) => own[i]!),
  );
  const marginal = conformalQuantile(own, alpha);
  const classwise = () => Float64Array.from(byClass, (scores) => conformalQuantile(scores, alpha));
  const bounded = (q: number) => (Number.isFinite(q) ? q : largestScore(score));
  const thresholds = {
    marginal: () => new Float64Array(numClasses).fill(marginal),
    classwise,
    clustered: () => clusteredThresholds(byClass, { alpha, seed }),
    interpolated: () => classwise().map((q) => mix * bounded(q) + (1 - mix) * bounded(marginal)),
  }[threshold]();
  return {
    thresholds,
    sets: (given) => rowsOf(given, numClasses).map((row) => setOf(row, of(row), thresholds)),
  };
}

function priorOf(counts: ArrayLike<number>, numClasses: number): Float64Array {
  const checked = asCounts(counts);
  if (checked.length !== numClasses)
    throw new InputError(`class counts must be of ${numClasses} classes, but there are ${checked.length}.`);
  const sum = checked.reduce((a, b) => a + b, 0);
  return checked.map((n) => n / sum);
}

function setOf(row: Float32Array, scores: Float64Array, thresholds: Float64Array): Int32Array {
  const within = Array.from(scores.keys()).filter(
    (c) => scores[c]! < Number.POSITIVE_INFINITY && scores[c]! <= thresholds[c]!,
  );
  return Int32Array.from(within.sort((a, b) => row[b]! - row[a]!));
}
