/** The linear classifier, z = W f + b: the joint head of stage 1, and what cRT trains anew. */
import { checkOneOf, checkOptions, checkStrings, InputError } from '@longtail/core';
import { checkTensors, linear, uniform } from '@longtail/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import { checkFeatures, checkNewHead, disposeAll, type Head, owned } from './head.ts';

/** A head that takes these tensors over. @throws InputError unless they are weight [C, D] and bias [C] */
export function linearFrom(
  name: string,
  tensors: { weight: tf.Tensor2D; bias?: tf.Tensor1D | undefined },
  options: { trainable?: boolean } = {},
): Head {
  const { weight, bias } = checkOptions(tensors, { of: 'linearFrom' });
  const { trainable = false } = checkOptions(options, { of: 'linearFrom' });
  checkStrings({ name });
  checkOneOf({ trainable }, [true, false]);
  checkTensors({ weight }, { rank: 2 });
  if (bias !== undefined) checkTensors({ bias }, { rank: 1 });
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
    isLinear: true,
    weights,
    trainable: trainable ? [...weights.values()] : [],
    logits: (features) => {
      checkFeatures(features, { featureDim });
      return linear(features, { weight: w, ...(b && { bias: b }) });
    },
    dispose: () => disposeAll(weights),
  };
}

/**
 * A new linear head, weights and bias uniform in +-1/sqrt(D) (PyTorch's Linear, which the official code uses).
 *
 * @throws InputError when a size is not a positive integer, or the seed no integer
 * @example
 * const head = linearHead({ featureDim: 64, numClasses: 10, seed: 0 });
 */
export function linearHead(options: {
  featureDim: number;
  numClasses: number;
  seed: number;
  bias?: boolean;
  name?: string;
}): Head {
  const { featureDim, numClasses, seed } = checkOptions(options, { of: 'linearHead' });
  const { bias = true, name = 'joint' } = options;
  checkNewHead({ featureDim, numClasses, seed, name });
  checkOneOf({ bias }, [true, false]);
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
