/** The linear classifier, z = W f + b: the joint head of stage 1, and what cRT trains anew. */
import { InputError } from '@longtail/core';
import { uniform } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { disposeAll, type Head, owned } from './head.ts';

/** A head that takes these tensors over. */
export function linearFrom(
  name: string,
  { weight, bias }: { weight: tf.Tensor2D; bias?: tf.Tensor1D | undefined },
  { trainable = false }: { trainable?: boolean } = {},
): Head {
  const [numClasses, featureDim] = weight.shape;
  if (bias && bias.shape[0] !== numClasses)
    throw new InputError(
      `a bias must have one value a class, ${numClasses}, but its shape is [${bias.shape}].`,
    );
  const w = owned<tf.Rank.R2>(weight, trainable);
  const b = bias && owned<tf.Rank.R1>(bias, trainable);
  const weights = new Map<string, tf.Variable>([['weight', w], ...(b ? [['bias', b] as const] : [])]);
  return {
    name,
    numClasses,
    featureDim,
    weights,
    trainable: trainable ? [...weights.values()] : [],
    logits: (features) =>
      tf.tidy(() => {
        const products = tf.matMul(features, w, false, true) as tf.Tensor2D;
        return b ? tf.add<tf.Tensor2D>(products, b) : products;
      }),
    dispose: () => disposeAll(weights),
  };
}

/**
 * A new linear head, weights and bias uniform in +-1/sqrt(D) (PyTorch's Linear, which the official code uses).
 *
 * @throws InputError when a size is not a positive integer
 * @example
 * const head = linearHead({ featureDim: 64, numClasses: 10, seed: 0 });
 */
export function linearHead({
  featureDim,
  numClasses,
  seed,
  bias = true,
  name = 'joint',
}: {
  featureDim: number;
  numClasses: number;
  seed: number;
  bias?: boolean;
  name?: string;
}): Head {
  for (const [key, value] of Object.entries({ featureDim, numClasses }))
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(`${key} must be a positive integer, but it is ${value}.`, { [key]: value });
  const high = 1 / Math.sqrt(featureDim);
  const weight = uniform([numClasses, featureDim], {
    seed,
    keys: [name, 'weight'],
    low: -high,
    high,
  }) as tf.Tensor2D;
  const offset = bias ? uniform([numClasses], { seed, keys: [name, 'bias'], low: -high, high }) : undefined;
  return linearFrom(name, { weight, bias: offset as tf.Tensor1D | undefined }, { trainable: true });
}
