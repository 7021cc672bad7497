/**
 * mixup (Zhang et al. 2018): x = l x_i + (1 - l) x_j, t = l y_i + (1 - l) y_j, one l ~ Beta(a, a) a batch and j a
 * permutation of it. Reference: facebookresearch/mixup-cifar10, train.py, whose mean of two losses is the loss of these soft
 * targets.
 */
import { checkOptions, type LabelList } from '@longtail/core';
import type * as tf from '@tensorflow/tfjs-core';
import { checkedBatch, drawMix, type MixedBatch, mixBatch } from './mixed-batch.ts';

export interface MixupOptions {
  /** C, the width of the targets. */
  readonly numClasses: number;
  /** a of Beta(a, a); 1: uniform shares, CIFAR of the LDAM family. */
  readonly alpha?: number;
  readonly seed?: number;
  /** From 0 through all epochs: the same step draws the same share and partners. */
  readonly step: number;
}

/**
 * @param images float32, shape [N, ...]: pictures, or features for manifold mixup
 * @param labels shape [N], in [0, C)
 * @returns mixed images and soft targets, to be disposed, for a loss that takes soft targets
 * @throws InputError when labels do not fit, or alpha is not above 0
 * @example
 * const { images, targets } = mixup(x, labels, { numClasses: 10, alpha: 1, step });
 * crossEntropy()(head.logits(backbone.features(images)), targets, { epoch });
 */
export function mixup<T extends tf.Tensor>(
  images: T,
  labels: LabelList,
  options: MixupOptions,
): MixedBatch<T> {
  const { numClasses, alpha = 1, seed = 0, step } = checkOptions(options, { of: 'mixup' });
  const checked = checkedBatch(images, labels, numClasses);
  const { share, partners } = drawMix(checked.length, { alpha, seed, step });
  return mixBatch(images, checked, { shares: () => share, share, partners, numClasses });
}
