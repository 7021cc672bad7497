/**
 * The cosine classifier, z_c = <w_c, f> / (||w_c|| ||f||) in [-1, 1], no bias: what losses with margins on the sphere (LDAM, GCL)
 * are trained with; the scale s is theirs. Reference: kaidic/LDAM-DRW, NormedLinear.
 */
import { checkOptions } from '@longtail/core';
import { checkTensors, uniform } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkNewHead, disposeAll, type Head, owned } from './head.ts';

/** The square of the least norm that is divided by: features of zeros give zeros, and no infinite slope. */
const LEAST_SQUARE = 1e-12;

/** Rows of norm 1, shape as given. @throws InputError unless they are a tensor of rank 2 */
export function unitRows(rows: tf.Tensor2D): tf.Tensor2D {
  checkTensors({ rows }, { rank: 2 });
  return tf.tidy(() => tf.mul(rows, tf.rsqrt(tf.maximum(tf.sum(tf.mul(rows, rows), 1, true), LEAST_SQUARE))));
}

/**
 * A new cosine head: weights uniform in [-1, 1), then of norm 1.
 *
 * @throws InputError when a size is not a positive integer, or the seed no integer
 * @example
 * const head = cosineHead({ featureDim: 64, numClasses: 10, seed: 0 });
 */
export function cosineHead(options: {
  featureDim: number;
  numClasses: number;
  seed: number;
  name?: string;
}): Head {
  const { featureDim, numClasses, seed, name = 'cosine' } = checkOptions(options, { of: 'cosineHead' });
  checkNewHead({ featureDim, numClasses, seed, name });
  const drawn = tf.tidy(() =>
    unitRows(uniform([numClasses, featureDim], { seed, keys: [name, 'weight'], low: -1 }) as tf.Tensor2D),
  );
  const weight = owned<tf.Rank.R2>(drawn, true);
  const weights = new Map<string, tf.Variable>([['weight', weight]]);
  return {
    name,
    numClasses,
    featureDim,
    weights,
    trainable: [weight],
    logits: (features) =>
      tf.tidy(() => tf.matMul(unitRows(features), unitRows(weight), false, true) as tf.Tensor2D),
    dispose: () => disposeAll(weights),
  };
}
