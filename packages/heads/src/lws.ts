/**
 * LWS, learnable weight scaling (section 4.4): z_c = s_c (w_c f + b_c); W and b stay, one scale a class is learned
 * from 1 with class-balanced sampling. Official: 5 epochs, rate 0.2 cosine; the scale is on the bias too.
 */
import { checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { disposeAll, type FeatureBatches, type Head, linearWeights, owned } from './head.ts';
import { type TrainHeadOptions, trainHead } from './train-head.ts';

/**
 * @param joint the linear head of stage 1; it is copied, not changed
 * @param batches class-balanced features, epoch by epoch; each batch is disposed here
 * @returns a head with the weights `weight`, `bias` and `scale`
 * @throws InputError when the joint head is not linear, or as trainHead
 */
export async function lws(
  joint: Head,
  batches: FeatureBatches,
  options: TrainHeadOptions = {},
): Promise<Head> {
  const { epochs = 5 } = checkOptions(options, { of: 'lws' });
  linearWeights(joint, { of: 'lws' });
  const weights = new Map(
    [...joint.weights].map(([name, value]) => [name, tf.variable(value as tf.Tensor, false)]),
  );
  const scale = owned<tf.Rank.R1>(tf.ones([joint.numClasses]), true);
  weights.set('scale', scale);
  const weight = weights.get('weight') as tf.Variable<tf.Rank.R2>;
  const bias = weights.get('bias');
  const head: Head = {
    name: 'lws',
    numClasses: joint.numClasses,
    featureDim: joint.featureDim,
    weights,
    trainable: [scale],
    logits: (features) =>
      tf.tidy(() => {
        const products = tf.matMul(features, weight, false, true) as tf.Tensor2D;
        return tf.mul(bias ? tf.add(products, bias) : products, scale);
      }),
    dispose: () => disposeAll(weights),
  };
  try {
    await trainHead(head, batches, { ...options, epochs });
    return head;
  } catch (error) {
    head.dispose();
    throw error;
  }
}
