/**
 * LWS, learnable weight scaling (section 4.4): z_c = s_c (w_c f + b_c); W and b stay, one scale a class is learned
 * from 1 with class-balanced sampling. Official: 5 epochs, rate 0.2 cosine (`schedule: 'official'`); the scale is on the bias too.
 * The scales may be learned from validation rows as well: hand over their batches. MiSLAS lets the head move along (mislas.ts).
 */
import { checkFunctions, checkNumbers, checkOneOf, checkOptions, InputError } from '@longtail/core';
import { checkTensors } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { copied, finished } from './from-joint.ts';
import { checkFeatures, disposeAll, type FeatureBatches, type Head, owned } from './head.ts';
import { logitsOnce } from './logits-once.ts';
import type { TrainHeadOptions } from './train-head.ts';

export interface LwsOptions extends TrainHeadOptions {
  /** By how much slower W and b are learned than the scales. Default: 0, they stay. */
  readonly headRate?: number;
}

/**
 * @param joint the linear head of stage 1, not a cosine head; it is copied, not changed
 * @param batches class-balanced features, epoch by epoch; each batch is disposed here. Of `sampledBatches` the logits of all rows
 *   are computed once, up to 2^28 of them (1 GiB), if W and b stay
 * @returns a head with the weights `weight`, `bias` and `scale`
 * @throws InputError when the joint head is not linear, or as trainHead
 */
export async function lws(joint: Head, batches: FeatureBatches, options: LwsOptions = {}): Promise<Head> {
  const { epochs = 5, headRate = 0, rates, loss } = checkOptions(options, { of: 'lws' });
  checkNumbers({ headRate }, { least: 0 });
  if (loss !== undefined) checkFunctions({ loss });
  const once = headRate === 0 ? logitsOnce(joint, batches, { epochs, of: 'lws' }) : undefined;
  const given = { ...copied(joint, { of: 'lws' }), scale: tf.ones<tf.Rank.R1>([joint.numClasses]) };
  const head = lwsFrom('lws', given, { trainable: headRate > 0 ? 'all' : true });
  const scale = head.weights.get('scale')!;
  const learned: Head = once ? { ...head, logits: (logits) => tf.mul(logits, scale) } : head;
  const moving = headRate > 0 ? [...head.weights.keys()].filter((name) => name !== 'scale') : [];
  const slower = Object.fromEntries(moving.map((name) => [name, headRate]));
  try {
    await finished(learned, once?.batches ?? batches, {
      ...options,
      epochs,
      rates: { ...slower, ...rates },
      ...(once && loss && { loss: once.lossOf(loss) }),
    });
    return head;
  } finally {
    once?.logits.dispose();
  }
}

/**
 * A head that takes the tensors over.
 *
 * @param options.trainable true: its scale alone. 'all': the weight and the bias, too
 * @throws InputError unless they are [C, D], [C] and [C]
 */
export function lwsFrom(
  name: string,
  tensors: { weight: tf.Tensor2D; bias?: tf.Tensor1D | undefined; scale: tf.Tensor1D },
  options: { trainable?: boolean | 'all' } = {},
): Head {
  const { weight: w, bias: b, scale: s } = checkOptions(tensors, { of: 'lwsFrom' });
  const { trainable = false } = checkOptions(options, { of: 'lwsFrom' });
  checkOneOf({ trainable }, [true, false, 'all']);
  checkTensors({ weight: w }, { rank: 2 });
  checkTensors({ scale: s, ...(b && { bias: b }) }, { rank: 1 });
  const [numClasses, featureDim] = w.shape;
  for (const each of b ? [s, b] : [s])
    if (each.shape[0] !== numClasses)
      throw new InputError(
        `bias and scale must have one value a class, ${numClasses}, but one is [${each.shape}].`,
      );
  const isAll = trainable === 'all';
  const [weight, scale] = [owned<tf.Rank.R2>(w, isAll), owned<tf.Rank.R1>(s, trainable !== false)];
  const bias = b && owned<tf.Rank.R1>(b, isAll);
  const weights = new Map<string, tf.Variable>([
    ['weight', weight],
    ...(bias ? [['bias', bias] as const] : []),
    ['scale', scale],
  ]);
  return {
    name,
    numClasses,
    featureDim,
    weights,
    form: { kind: 'lws' },
    trainable: isAll ? [...weights.values()] : trainable ? [scale] : [],
    logits: (features) => {
      checkFeatures(features, { featureDim });
      return tf.tidy(() => {
        const products = tf.matMul(features, weight, false, true) as tf.Tensor2D;
        return tf.mul(bias ? tf.add(products, bias) : products, scale);
      });
    },
    dispose: () => disposeAll(weights),
  };
}
