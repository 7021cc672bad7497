/**
 * The sweep of the tau-normalised classifier (section 4.3; tau_norm.py), by one product of matrices for all taus:
 *   f (w_c / ||w_c||^tau) = (f w_c) / ||w_c||^tau
 */
import {
  checkFunctions,
  checkLists,
  checkNumbers,
  checkOneOf,
  checkOptions,
  extent,
  InputError,
} from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkFeatures, type Head, linearWeights } from './head.ts';
import { BIAS_RULES, type BiasRule, divisors, MOST_TAU, TAUS } from './tau-norm.ts';
import { checkFinite } from './training-set.ts';

/** Rows whose logits stay near while every tau is tried on them: of a thousand classes 4 MB. */
const ROWS = 1024;

export interface SweepOptions {
  /** Default: the official sweep, 0, 0.1, ..., 2. */
  readonly taus?: readonly number[];
  /** As of `tauNorm`. Default: 'drop'. */
  readonly bias?: BiasRule;
}

/** What is tried, and on which head. @throws InputError when there is no tau, or the joint head is not linear */
function sweepOf(joint: Head, features: tf.Tensor2D, { taus = TAUS, bias = 'drop' }: SweepOptions) {
  checkLists({ taus });
  if (taus.length === 0) throw new InputError('taus must hold a tau to try, but there is none.');
  const tried = Array.from(taus);
  checkNumbers(Object.fromEntries(tried.map((tau, i) => [`taus[${i}]`, tau])), { least: 0, most: MOST_TAU });
  checkOneOf({ bias }, BIAS_RULES);
  const { weight, bias: offset } = linearWeights(joint, { of: 'chooseTau' });
  checkFeatures(features, joint);
  return { tried, weight: weight as tf.Tensor2D, offset: bias === 'keep' ? offset : undefined };
}

/**
 * The class that `tauNorm(joint, { tau })` gives each row, for every tau; no logits of all rows are made.
 *
 * @param joint a linear head
 * @param features shape [N, D]
 * @returns a list [N] for each tau; of equal scores the first class
 * @throws InputError as `tauNorm`, or when there is no tau, or a row or the weights are not finite
 * @example
 * const [joint, normalised] = classesByTau(head, features, { taus: [0, 1] });
 */
export function classesByTau(joint: Head, features: tf.Tensor2D, options: SweepOptions = {}): Int32Array[] {
  const sweep = checkOptions(options, { of: 'classesByTau' });
  const { tried, weight, offset } = sweepOf(joint, features, sweep);
  checkFinite(weight, { name: `the weights of ${joint.name}` });
  checkFinite(features);
  const [rows] = features.shape;
  const classes = tried.map(() => new Int32Array(rows));
  tf.tidy(() => {
    const scales = tried.map((tau) => divisors(weight, tau));
    const chosen = (products: tf.Tensor, scale: tf.Tensor): tf.Tensor1D =>
      tf.tidy(() => {
        const logits = tf.div(products, scale);
        return tf.argMax(offset ? tf.add(logits, offset) : logits, 1);
      });
    for (let start = 0; start < rows; start += ROWS) {
      const count = Math.min(ROWS, rows - start);
      const found = tf.tidy(() => {
        const products = tf.matMul(tf.slice(features, [start, 0], [count, -1]), weight, false, true);
        return tf.concat1d(scales.map((scale) => chosen(products, scale))).dataSync<'int32'>();
      });
      for (const [i, own] of classes.entries()) own.set(found.subarray(i * count, (i + 1) * count), start);
    }
  });
  return classes;
}

type Score =
  | {
      /** Of the logits [N, C], the larger the better: the caller's metric. */
      readonly score: (logits: tf.Tensor2D) => number;
      readonly scoreClasses?: undefined;
    }
  | {
      /** Of the classes [N] that are chosen: for metrics that look at nothing else, and much faster. */
      readonly scoreClasses: (classes: Int32Array) => number;
      readonly score?: undefined;
    };

/**
 * Tries every tau on the selection features.
 *
 * @param options.scoreClasses, or score: the caller's metric, the larger the better
 * @returns the best tau (the first of equals) and the score of each
 * @throws InputError as `classesByTau`, or naming the first tau whose score is no finite number
 * @example
 * const { tau } = chooseTau(joint, features, { scoreClasses: (classes) => accuracy(classes, labels) });
 */
export function chooseTau(
  joint: Head,
  features: tf.Tensor2D,
  options: SweepOptions & Score,
): { tau: number; scores: number[] } {
  const { score, scoreClasses, ...sweep } = checkOptions(options, { of: 'chooseTau' });
  if (scoreClasses === undefined) checkFunctions({ score });
  else checkFunctions({ scoreClasses });
  const { tried, weight, offset } = sweepOf(joint, features, sweep);
  const finite = (found: number, i: number): number => {
    checkNumbers({ [`the score at tau ${tried[i]}`]: found });
    return found;
  };
  const byLogits = (score: (logits: tf.Tensor2D) => number): number[] =>
    tf.tidy(() => {
      const products = tf.matMul(features, weight, false, true);
      return tried.map((tau, i) =>
        tf.tidy(() => {
          const scaled = tf.div<tf.Tensor2D>(products, divisors(weight, tau));
          return finite(score(offset ? tf.add(scaled, offset) : scaled), i);
        }),
      );
    });
  const scores = scoreClasses
    ? classesByTau(joint, features, sweep).map((classes, i) => finite(scoreClasses(classes), i))
    : byLogits(score!);
  return { tau: tried[scores.indexOf(extent(scores)[1])]!, scores };
}
