/**
 * Label-aware smoothing (Zhong et al. 2021, "MiSLAS", section 3.2): cross-entropy with targets (1 - e_y) onehot + e_y / C, more
 * smoothing for classes with more images. With x = (n_c - n_min) / (n_max - n_min): e_c = tail + (head - tail) f(x), f = sin(pi x / 2),
 * x, 1 - cos(pi x / 2) or x^power. Spread over all C classes as in dvlab-research/MiSLAS, methods.py; its paper says C - 1.
 */
import { checkNumbers, checkOneOf, checkOptions, extent } from '@longtail/core';
import { smoothedCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import { presentCounts } from './class-counts.ts';
import { hardLabels } from './cross-entropy-rows.ts';
import type { Loss } from './loss.ts';
import { weightOfRows } from './mean-cross-entropy.ts';

export interface LabelAwareSmoothingOptions {
  /** e of the class with most images; the paper: CIFAR-100-LT .4, ImageNet-LT .3. */
  readonly head?: number;
  /** e of the rarest class; CIFAR-100-LT .1, ImageNet-LT 0. */
  readonly tail?: number;
  readonly shape?: 'concave' | 'linear' | 'convex' | 'exponential';
  /** Of the exponential shape. */
  readonly power?: number;
}

/**
 * e_c, shape [C]; a class without images has the rarest one's, and classes that are all alike have the tail's.
 *
 * @throws InputError when a count, head, tail, shape or power is out of range
 */
export function labelAwareEpsilons(
  counts: ArrayLike<number>,
  options: LabelAwareSmoothingOptions = {},
): Float32Array {
  const {
    head = 0.4,
    tail = 0.1,
    shape = 'concave',
    power = 2,
  } = checkOptions(options, { of: 'labelAwareSmoothing' });
  checkNumbers({ head, tail }, { least: 0, most: 1 });
  checkNumbers({ power }, { least: 0 });
  checkOneOf({ shape }, ['concave', 'linear', 'convex', 'exponential']);
  const present = presentCounts(counts);
  const [least, most] = extent(present);
  const range = most - least;
  const rise = {
    concave: (x: number) => Math.sin((Math.PI * x) / 2),
    linear: (x: number) => x,
    convex: (x: number) => 1 - Math.cos((Math.PI * x) / 2),
    exponential: (x: number) => x ** power,
  }[shape];
  return Float32Array.from(
    present,
    (n) => tail + (head - tail) * rise(range === 0 ? 0 : (n - least) / range),
  );
}

/**
 * @param counts n_c, shape [C]
 * @throws InputError when a count, head or tail is out of range
 * @example
 * labelAwareSmoothing(counts, { head: 0.4, tail: 0.1 });
 */
export function labelAwareSmoothing(
  counts: ArrayLike<number>,
  options: LabelAwareSmoothingOptions = {},
): Loss {
  const epsilons = labelAwareEpsilons(counts, options);
  return checkedLoss({ numClasses: epsilons.length }, (logits, labels) => {
    const hard = hardLabels(labels, { loss: 'labelAwareSmoothing' });
    return tf.mean(smoothedCrossEntropy(logits, hard, weightOfRows(epsilons, hard, logits)));
  });
}
