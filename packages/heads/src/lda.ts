/**
 * Linear discriminant analysis with shrinkage (Fisher 1936; shrinkage: Friedman, "Regularized Discriminant Analysis", JASA 1989):
 * classes are normal with means m_c and one covariance S, so
 *   z_c = w_c f + b_c,  w_c = S^-1 m_c,  b_c = -m_c S^-1 m_c / 2 + log pi_c,
 *   S = (1 - s) A + s tr(A)/D I
 * A is the mean of the classes' own covariances ('class-averaged': every class counts alike, however long the tail) or that of all
 * rows about the means of their classes ('pooled': the frequent classes own it).
 *
 * Reference: scikit-learn's LinearDiscriminantAnalysis(solver='lsqr', shrinkage=s), whose A is 'class-averaged' with equal
 * `priors`, and 'pooled' with its default ones. A class of one row has no covariance: here it does not count for the mean.
 */
import { checkNumbers, checkOneOf, checkOptions, InputError, type LabelList } from '@longtail/core';
import { solvePositive } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { logPrior, type TargetPrior } from './adjust-prior.ts';
import { classMeans } from './class-sums.ts';
import { type Features, sliceOf } from './feature-rows.ts';
import { diagonalOf, gram, LEAST_SPREAD } from './gram.ts';
import type { Head } from './head.ts';
import { linearFrom } from './linear.ts';
import { unlessAbsent } from './row-weights.ts';
import { checkTrainingSet, type TrainingSet } from './training-set.ts';

export interface LdaOptions {
  readonly numClasses: number;
  /** s, from 0 to 1. Default: 0.3. */
  readonly shrinkage?: number;
  /** Default: 'class-averaged'. */
  readonly covariance?: 'class-averaged' | 'pooled';
  /** pi. Default: 'uniform'. */
  readonly prior?: TargetPrior;
}

/** What a row of each class weighs in A. */
function rowWeights(counts: Int32Array, covariance: 'class-averaged' | 'pooled'): Float32Array {
  if (covariance === 'pooled') {
    const rows = counts.reduce((sum, n) => sum + n, 0);
    return new Float32Array(counts.length).fill(1 / rows);
  }
  const spread = counts.filter((n) => n > 1).length;
  return Float32Array.from(counts, (n) => (n > 1 ? 1 / (n * spread) : 0));
}

/** A: the rows about their classes' means, weighed. */
function covarianceOf(
  features: Features,
  means: tf.Tensor2D,
  { set, weights }: { set: TrainingSet; weights: Float32Array },
): tf.Tensor2D {
  return tf.tidy(() => {
    const labels = tf.tensor1d(set.labels, 'int32');
    const roots = tf.tensor2d(weights.map(Math.sqrt), [weights.length, 1]);
    return gram(
      (start, count) => {
        const classes = tf.slice(labels, start, count);
        const apart = tf.sub(sliceOf(features, start, count), tf.gather(means, classes));
        return tf.mul(apart, tf.gather(roots, classes));
      },
      { total: features.shape[0] },
    );
  });
}

/**
 * @param features shape [N, D], a tensor, or rows that are read as they are asked for; there may be more dimensions than rows
 * @param labels shape [N]; a class without rows scores -Infinity
 * @returns a linear head
 * @throws InputError when rows and labels do not fit, a row is not finite, an option is out of range, no class has two different
 * rows, or the covariance is singular for want of shrinkage
 * @example
 * const head = lda(features, labels, { numClasses: 10 });
 */
export function lda(features: Features, labels: LabelList, options: LdaOptions): Head {
  const { numClasses, shrinkage = 0.3, covariance = 'class-averaged' } = checkOptions(options, { of: 'lda' });
  const { prior = 'uniform' } = options;
  const set = checkTrainingSet(features, labels, { numClasses, of: 'lda' });
  checkNumbers({ shrinkage }, { least: 0, most: 1 });
  checkOneOf({ covariance }, ['class-averaged', 'pooled']);
  const logs = logPrior(set.counts, prior);
  const [weight, bias] = tf.tidy(() => {
    const means = classMeans(features, set);
    const weights = rowWeights(set.counts, covariance);
    const spread = covarianceOf(features, means, { set, weights });
    const scale = tf.mean(diagonalOf(spread)).dataSync()[0]!;
    const square = tf.mean(tf.square(means)).dataSync()[0]!;
    if (!(scale > LEAST_SPREAD * square))
      throw new InputError(
        'lda needs a class with two different rows, of which it learns how features vary, but no class has them; take ncm.',
      );
    const shrunk = tf.mul<tf.Tensor2D>(spread, 1 - shrinkage);
    const solved = solvePositive(shrunk, tf.transpose(means), { ridge: shrinkage * scale });
    const weight = tf.transpose(solved) as tf.Tensor2D;
    const offset = unlessAbsent(set.counts).map((value, c) => value + logs[c]!);
    const squares = tf.sum(tf.mul(weight, means), 1);
    const bias = tf.sub(tf.tensor1d(offset), tf.div(squares, 2)) as tf.Tensor1D;
    return [weight, bias] as const;
  });
  return linearFrom('lda', { weight, bias });
}
