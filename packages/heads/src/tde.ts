/**
 * TDE, the total direct effect (Tang et al., NeurIPS 2020, "Long-tailed classification by keeping the good and removing the bad
 * momentum causal effect"): a normalised classifier of K parts is trained on rows as they are,
 *   z_c = s/K sum_k <w_ck, x_k> / ((||w_ck|| + g) ||x_k||),   f = (x_1, ..., x_K)
 * and predicts without what every feature has of the direction d that training drifted in, the mean of its features,
 *   z_c = s/K sum_k <w_ck, x_k / ||x_k|| - a cos(x_k, d_k) d_k / ||d_k||> / (||w_ck|| + g)
 * Reference: KaihuaTang/Long-Tailed-Recognition.pytorch, CausalNormClassifier: K = 2, s = 16, g = 1/32, a = 1 for CIFAR-10-LT and 3
 * for ImageNet-LT, rate 0.2 cosine for batches of 512, momentum 0.9, decay 5e-4. There d is a moving average, d <- mu d + mean of
 * the batch with mu = 0.9, for features that move; those here do not: mu = 1, all batches alike.
 */
import {
  checkFunctions,
  checkIntegers,
  checkNumbers,
  checkOneOf,
  checkOptions,
  checkStrings,
  InputError,
} from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { unitRows } from './cosine.ts';
import { copied, finished } from './from-joint.ts';
import { checkFeatures, disposeAll, type FeatureBatches, type Head, linearWeights, owned } from './head.ts';
import { crossEntropy, type TrainHeadOptions } from './train-head.ts';

export interface TdeForm {
  /** K, a divisor of D. Default: 2. */
  readonly parts?: number;
  /** s, above 0. Default: 16. */
  readonly scale?: number;
  /** g, above 0. Default: 1/32. */
  readonly gamma?: number;
  /**
   * a, >= 0; 0: nothing is taken away. Default: 1. The right one differs from one set of features to the next: choose it on held-out
   * rows, by {@link tdeFrom} of the same weights.
   */
  readonly alpha?: number;
}

/** The square of the least norm: a row of zeros has a slope. */
const LEAST_SQUARE = 1e-12;

/**
 * @param joint the linear head of stage 1, from whose weight it starts; it is copied, not changed
 * @param batches features as they are, epoch by epoch; each batch is disposed here
 * @param options.mu of the moving average, in [0, 1]. Default: 1
 * @returns a head with the weights of {@link tdeFrom}
 * @throws InputError when the joint head is not linear, the parts do not divide its features, or as trainHead
 * @example
 * const head = await tde(joint, batches, { alpha: 3 });
 */
export async function tde(
  joint: Head,
  batches: FeatureBatches,
  options: TrainHeadOptions & TdeForm & { readonly mu?: number } = {},
): Promise<Head> {
  const { parts = 2, scale = 16, gamma = 1 / 32, alpha = 1, mu = 1 } = checkOptions(options, { of: 'tde' });
  const { loss = crossEntropy, afterStep } = options;
  const form = { parts, scale, gamma, alpha };
  checkNumbers({ mu }, { least: 0, most: 1 });
  linearWeights(joint, { of: 'tde' });
  checkForm(form, joint);
  checkFunctions({ loss, ...(afterStep !== undefined && { afterStep }) });
  const { weight, bias } = copied(joint, { of: 'tde' });
  bias?.dispose();
  const mean = tf.zeros<tf.Rank.R1>([joint.featureDim]);
  const head = tdeFrom('tde', { weight, mean }, { ...form, alpha: 0, trainable: true });
  const average = head.weights.get('mean')!;
  let seen: tf.Tensor2D;
  await finished(head, batches, {
    ...options,
    loss(logits, labels, about) {
      seen = about.features;
      return loss(logits, labels, about);
    },
    afterStep() {
      tf.tidy(() => average.assign(tf.add(tf.mul(average, mu), tf.mean(seen, 0))));
      afterStep?.();
    },
  });
  try {
    const learned = { weight: tf.clone(head.weights.get('weight')!), mean: tf.clone(average) };
    return tdeFrom('tde', learned as { weight: tf.Tensor2D; mean: tf.Tensor1D }, form);
  } finally {
    head.dispose();
  }
}

function checkForm(
  { parts, scale, gamma, alpha }: Required<TdeForm>,
  { featureDim }: { featureDim: number },
): void {
  checkIntegers({ parts });
  checkNumbers({ scale, gamma }, { above: 0 });
  checkNumbers({ alpha }, { least: 0 });
  if (featureDim % parts !== 0)
    throw new InputError(
      `parts must divide the ${featureDim} features, but there are ${parts}; 1 takes them as a whole.`,
    );
}

/**
 * A head that takes the tensors over; its weight alone is trained.
 *
 * @param tensors.weight shape [C, D]
 * @param tensors.mean d, of any length, shape [D]
 * @throws InputError unless they are, or an option is out of range
 */
export function tdeFrom(
  name: string,
  tensors: { weight: tf.Tensor2D; mean: tf.Tensor1D },
  options: { trainable?: boolean } & TdeForm = {},
): Head {
  const { weight: w, mean: d } = checkOptions(tensors, { of: 'tdeFrom' });
  const {
    trainable = false,
    parts = 2,
    scale = 16,
    gamma = 1 / 32,
    alpha = 1,
  } = checkOptions(options, { of: 'tdeFrom' });
  checkStrings({ name });
  checkOneOf({ trainable }, [true, false]);
  checkTensors({ weight: w }, { rank: 2 });
  checkTensors({ mean: d }, { rank: 1 });
  const [numClasses, featureDim] = w.shape;
  checkForm({ parts, scale, gamma, alpha }, { featureDim });
  if (d.shape[0] !== featureDim)
    throw new InputError(`mean must be [${featureDim}], as wide as the weight, but it is [${d.shape}].`);
  const [weight, mean] = [owned<tf.Rank.R2>(w, trainable), owned<tf.Rank.R1>(d)];
  const weights = new Map<string, tf.Variable>([['weight', weight], ['mean', mean]]); // biome-ignore format: one line
  const inParts = (rows: tf.Tensor): tf.Tensor2D => tf.reshape(rows, [-1, featureDim / parts]);
  const normed = (rows: tf.Tensor2D): tf.Tensor2D => {
    const norms = tf.sqrt(tf.maximum(tf.sum(tf.square(rows), 1, true), LEAST_SQUARE));
    return tf.div(rows, tf.add(norms, gamma));
  };
  const direct = (rows: tf.Tensor2D): tf.Tensor2D => {
    const x = tf.reshape(rows, [-1, parts, featureDim / parts]);
    const direction = tf.expandDims(unitRows(inParts(mean)), 0); // [1, K, D/K]
    const cosines = tf.sum(tf.mul(x, direction), 2, true);
    return inParts(tf.sub(x, tf.mul(tf.mul(cosines, direction), alpha)));
  };
  return {
    name,
    numClasses,
    featureDim,
    weights,
    form: { kind: 'tde', parts, scale, gamma, alpha },
    trainable: trainable ? [weight] : [],
    logits: (features) => {
      checkFeatures(features, { featureDim });
      return tf.tidy(() => {
        const unit = unitRows(inParts(features));
        const rows = tf.reshape(alpha === 0 ? unit : direct(unit), features.shape) as tf.Tensor2D;
        const columns = tf.reshape(normed(inParts(weight)), weight.shape) as tf.Tensor2D;
        return tf.mul<tf.Tensor2D>(tf.matMul(rows, columns, false, true), scale / parts);
      });
    },
    dispose: () => disposeAll(weights),
  };
}
