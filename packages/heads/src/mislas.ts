/**
 * MiSLAS, stage 2 (Zhong et al., CVPR 2021, "Improving calibration for long-tailed recognition"): LWS whose head moves along at a
 * small part of the rate, by label-aware smoothing, which is the more certain the rarer a class is,
 *   z_c = s_c (w_c f + b_c)
 * What comes out is a linear head: s_c w_c, s_c b_c. Reference: dvlab-research/MiSLAS, train_stage2.py and imagenet_resnet50_stage2:
 * 10 epochs, rate 0.1 cosine for batches of 256, 0.05 of it for W and b, momentum 0.9, decay 5e-4, class-balanced rows, which
 * are the defaults. CIFAR-100-LT: 0.2 of the rate, decay 2e-4. Its shift of batch norm's statistics is the backbone's, not the head's.
 */
import { checkFunctions, checkOptions } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import type { WithLoss } from './from-joint.ts';
import type { FeatureBatches, Head } from './head.ts';
import { linearFrom } from './linear.ts';
import { type LwsOptions, lws } from './lws.ts';

/**
 * @param joint the linear head of stage 1, not a cosine head; it is copied, not changed
 * @param batches class-balanced features, epoch by epoch; each batch is disposed here
 * @param options.loss `labelAwareSmoothing(counts, { head, tail })` of `@longtail/losses`: 0.3 and 0 for ImageNet-LT, 0.4 and 0.1 for
 *   CIFAR-100-LT and Places-LT
 * @param options.headRate default: 0.05; 0: W and b stay
 * @returns a linear head
 * @throws InputError when the joint head is not linear, or as trainHead
 * @example
 * const head = await mislas(joint, batches, { loss: labelAwareSmoothing(counts, { head: 0.3, tail: 0 }) });
 */
export async function mislas(
  joint: Head,
  batches: FeatureBatches,
  options: WithLoss<LwsOptions>,
): Promise<Head> {
  const { epochs = 10, learningRate = 0.1, headRate = 0.05, loss } = checkOptions(options, { of: 'mislas' });
  checkFunctions({ loss });
  const scaled = await lws(joint, batches, { ...options, epochs, learningRate, headRate });
  const [weight, bias, scale] = ['weight', 'bias', 'scale'].map((name) => scaled.weights.get(name));
  try {
    return linearFrom('mislas', {
      weight: tf.tidy(() => tf.mul<tf.Tensor2D>(weight!, tf.expandDims(scale!, 1))),
      bias: bias && tf.mul<tf.Tensor1D>(bias, scale!),
    });
  } finally {
    scaled.dispose();
  }
}
