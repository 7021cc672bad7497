/**
 * The cosine classifier, z_c = s <w_c, f> / (||w_c|| ||f||), no bias. s = 1: what losses with margins on the sphere (LDAM, GCL)
 * are trained with, whose scale is their own. Reference: kaidic/LDAM-DRW, NormedLinear. Any other loss wants a scale: cosines lie
 * in [-1, 1], of which softmax makes no certainty. LIFT (Shi et al., ICML 2024) has 25, for CLIP's features.
 *
 * Normed: features keep their norm, z_c = s <w_c, f> / ||w_c||. Reference: shijxcs/LIFT, L2NormedClassifier.
 */
import { checkNumbers, checkOneOf, checkOptions, checkStrings } from '@longtail/core';
import { checkTensors, uniform } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkFeatures, checkNewHead, disposeAll, type Head, owned } from './head.ts';
import { inverseNorms } from './row-norms.ts';

export interface CosineOptions {
  /** s, above 0. Default: 1. */
  readonly scale?: number;
  /** 'unit': of norm 1 (default). 'raw': as they are, the normed classifier. */
  readonly features?: 'unit' | 'raw';
}

/** Rows of norm 1, shape as given. @throws InputError unless they are a tensor of rank 2 */
export function unitRows(rows: tf.Tensor2D): tf.Tensor2D {
  checkTensors({ rows }, { rank: 2 });
  return tf.tidy(() => tf.mul(rows, inverseNorms(rows)));
}

/**
 * A new cosine head: weights uniform in [-1, 1), then of norm 1.
 *
 * @throws InputError when a size is not a positive integer, the seed no integer, or the scale not above 0
 * @example
 * const head = cosineHead({ featureDim: 64, numClasses: 10, seed: 0, scale: 10 });
 * await trainHead(head, batches, { loss: logitAdjusted(counts) }); // of @longtail/losses
 */
export function cosineHead(
  options: { featureDim: number; numClasses: number; seed: number; name?: string } & CosineOptions,
): Head {
  const { featureDim, numClasses, seed, name = 'cosine' } = checkOptions(options, { of: 'cosineHead' });
  const { scale = 1, features = 'unit' } = options;
  checkNewHead({ featureDim, numClasses, seed, name });
  checkHow({ scale, features });
  const drawn = tf.tidy(() =>
    unitRows(uniform([numClasses, featureDim], { seed, keys: [name, 'weight'], low: -1 }) as tf.Tensor2D),
  );
  return cosineFrom(name, { weight: drawn }, { trainable: true, scale, features });
}

function checkHow({ scale, features }: Required<CosineOptions>): void {
  checkNumbers({ scale }, { above: 0 });
  checkOneOf({ features }, ['unit', 'raw']);
}

/**
 * A head that takes the weights over.
 *
 * @param tensors.weight shape [C, D]
 * @throws InputError unless they are
 */
export function cosineFrom(
  name: string,
  tensors: { weight: tf.Tensor2D },
  options: { trainable?: boolean } & CosineOptions = {},
): Head {
  const { weight: given } = checkOptions(tensors, { of: 'cosineFrom' });
  const {
    trainable = false,
    scale = 1,
    features: norm = 'unit',
  } = checkOptions(options, { of: 'cosineFrom' });
  checkStrings({ name });
  checkOneOf({ trainable }, [true, false]);
  checkHow({ scale, features: norm });
  checkTensors({ weight: given }, { rank: 2 });
  const [numClasses, featureDim] = given.shape;
  const weight = owned<tf.Rank.R2>(given, trainable);
  const weights = new Map<string, tf.Variable>([['weight', weight]]);
  return {
    name,
    numClasses,
    featureDim,
    weights,
    form: { kind: 'cosine', scale, features: norm },
    trainable: trainable ? [weight] : [],
    logits: (features) => {
      checkFeatures(features, { featureDim });
      return tf.tidy(() => {
        // Norms divide the products, of which there are fewer than numbers in the rows and the weight.
        const products = tf.matMul(features, weight, false, true) as tf.Tensor2D;
        const byClass = tf.mul(tf.reshape(inverseNorms(weight), [1, numClasses]), scale);
        const scaled = tf.mul<tf.Tensor2D>(products, byClass);
        return norm === 'unit' ? tf.mul<tf.Tensor2D>(scaled, inverseNorms(features)) : scaled;
      });
    },
    dispose: () => disposeAll(weights),
  };
}
