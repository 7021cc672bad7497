/**
 * Ridge regression to one-hot labels, in closed form:
 *   min over W, b of  sum_i v_i |y_i - W f_i - b|^2 + a |W|^2,   so   (S + a I) W^T = sum_c v_c n_c (m_c - m) e_c^T
 * S is the sum of v_i (f_i - m)(f_i - m)^T, m the weighted mean; the bias has no penalty, b_c = v_c n_c / sum_i v_i - w_c m.
 * Reference: scikit-learn's RidgeClassifier, whose labels are -1 and 1, so that its scores are 2 z - 1. Default: a = 1, its own.
 */
import { checkNumbers, checkOneOf, checkOptions, type LabelList } from '@longtail/core';
import { solvePositive } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { classMeans } from './class-sums.ts';
import { type Features, sliceOf } from './feature-rows.ts';
import { gram } from './gram.ts';
import type { Head } from './head.ts';
import { linearFrom } from './linear.ts';
import { type ClassWeight, unlessAbsent, weigh } from './row-weights.ts';
import { checkTrainingSet } from './training-set.ts';

export interface RidgeOptions {
  readonly numClasses: number;
  /** a, above 0. Default: 1. It counts against a sum over rows: of ten times as many, ten times as large is the same. */
  readonly alpha?: number;
  /** 'balanced': a row weighs N / (C n_c). Default: 'none'. */
  readonly classWeight?: ClassWeight;
}

/**
 * @param features shape [N, D]; there may be more dimensions than rows
 * @param labels shape [N]; a class without rows scores -Infinity
 * @returns a linear head; its scores are no log-probabilities
 * @throws InputError when rows and labels do not fit, a row is not finite, or alpha is out of range or lost in rounding
 * @example
 * const head = ridge(features, labels, { numClasses: 10, classWeight: 'balanced' });
 */
export function ridge(features: Features, labels: LabelList, options: RidgeOptions): Head {
  const { numClasses, alpha = 1, classWeight = 'none' } = checkOptions(options, { of: 'ridge' });
  const set = checkTrainingSet(features, labels, { numClasses, of: 'ridge' });
  checkNumbers({ alpha }, { above: 0 });
  checkOneOf({ classWeight }, ['none', 'balanced']);
  const { v, sum } = weigh(set.counts, classWeight);
  const [weight, bias] = tf.tidy(() => {
    const classes = tf.tensor1d(set.labels, 'int32');
    const roots = tf.tensor2d(v.map(Math.sqrt), [numClasses, 1]);
    const masses = tf.tensor2d(
      v.map((weight, c) => weight * set.counts[c]!),
      [numClasses, 1],
    );
    const means = classMeans(features, set);
    const mean = tf.div<tf.Tensor2D>(tf.matMul(masses, means, true), sum);
    const spread = gram(
      (start, count) =>
        tf.mul(
          tf.sub(sliceOf(features, start, count), mean),
          tf.gather(roots, tf.slice(classes, start, count)),
        ),
      { total: features.shape[0] },
    );
    const towards = tf.mul<tf.Tensor2D>(tf.sub(means, mean), masses);
    const solved = solvePositive(spread, tf.transpose(towards), { ridge: alpha });
    const shares = tf.sub(tf.div(masses, sum), tf.matMul(solved, mean, true, true));
    const bias = tf.add<tf.Tensor1D>(tf.reshape(shares, [-1]), unlessAbsent(set.counts));
    return [tf.transpose(solved) as tf.Tensor2D, bias] as const;
  });
  return linearFrom('ridge', { weight, bias });
}
