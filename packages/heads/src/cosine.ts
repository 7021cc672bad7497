/**
 * The cosine classifier, z_c = <w_c, f> / (||w_c|| ||f||) in [-1, 1], no bias: what losses with margins on the sphere (LDAM, GCL)
 * are trained with; the scale s is theirs. Reference: kaidic/LDAM-DRW, NormedLinear.
 */
import { InputError } from '@longtail/core';
import { uniform } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { disposeAll, type Head, owned } from './head.ts';

/** The square of the least norm that is divided by: features of zeros give zeros, and no infinite slope. */
const LEAST_SQUARE = 1e-12;

/** Rows of norm 1, shape as given. */
export function unitRows(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.mul(rows, tf.rsqrt(tf.maximum(tf.sum(tf.mul(rows, rows), 1, true), LEAST_SQUARE))));
}

/**
 * A new cosine head: weights uniform in [-1, 1), then of norm 1.
 *
 * @throws InputError when a size is not a positive integer
 * @example
 * const head = cosineHead({ featureDim: 64, numClasses: 10, seed: 0 });
 */
export function cosineHead({
  featureDim,
  numClasses,
  seed,
  name = 'cosine',
}: {
  featureDim: number;
  numClasses: number;
  seed: number;
  name?: string;
}): Head {
  for (const [key, value] of Object.entries({ featureDim, numClasses }))
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(`${key} must be a positive integer, but it is ${value}.`, { [key]: value });
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
