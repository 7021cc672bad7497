/**
 * Gaussian clouded logits (Li et al. 2022): cross-entropy of s (z_c - a |e_c| d_c - m [c = label]) with e_c a normal
 * number of deviation 1/3 cut to [-1, 1] and d_c = (log n_max - log n_c) / (log n_max - log n_min), drawn for each row and
 * class. The logits are cosines. Reference: Keke921/GCLLoss, losses.py. Its stage 2 multiplies each row's loss by (1 - p)^gamma, p its
 * probability, through which no gradient goes, and mixes rows: what a mixed row costs is the mean for its two labels.
 */
import { checkNumbers, checkOptions, extent, random } from '@longtail/core';
import { indicator, normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import { presentCounts } from './class-counts.ts';
import { crossEntropyRows, isSoft } from './cross-entropy-rows.ts';
import { detached } from './detached.ts';
import type { Labels, Loss } from './loss.ts';
import { marginRows } from './margin-rows.ts';
import { byWeight, weightOfRows } from './mean-cross-entropy.ts';
import { perClass } from './per-class.ts';
import { stepOf } from './step-of.ts';
import { givenWeights } from './weighted-cross-entropy.ts';

export interface GclOptions {
  /** a, how large the clouds are. */
  readonly amplitude?: number;
  /** m. */
  readonly margin?: number;
  /** s. */
  readonly scale?: number;
  /** gamma >= 0. Default: 0, no focus; stage 2: 1. */
  readonly gamma?: number;
  /** w_c >= 0, shape [C]; the mean is by their sum, with a focus by N. */
  readonly weights?: ArrayLike<number> | undefined;
  readonly seed?: number;
}

/** d_c, in [0, 1]: no cloud for the class with most images; none at all where all have as many. */
function cloudSizes(counts: ArrayLike<number>): Float32Array {
  const logs = presentCounts(counts).map(Math.log);
  const [least, most] = extent(logs);
  const range = most - least;
  return Float32Array.from(logs, (log) => (range === 0 ? 0 : (most - log) / range));
}

/** What is multiplied with each loss: (1 - p)^gamma. */
const doubt = (losses: tf.Tensor, gamma: number): tf.Tensor =>
  detached(losses, (l) => tf.pow(tf.neg(tf.expm1(tf.neg(l))), gamma));

interface Rows {
  readonly margin: number;
  readonly gamma: number;
  readonly weights: Float32Array | undefined;
}

/** Of labels that are mixed, or with a focus. */
function meanOfRows(z: tf.Tensor2D, labels: Labels, { margin, gamma, weights }: Rows): tf.Tensor {
  const soft = isSoft(labels, z);
  const losses = soft
    ? marginRows(z, margin)
    : crossEntropyRows(marked(z, labels as tf.Tensor1D, margin), labels);
  const focused = gamma === 0 ? losses : tf.mul(losses, doubt(losses, gamma));
  const shares = soft ? labels : tf.ones([z.shape[0]]);
  if (!weights) return tf.div(tf.sum(tf.mul(focused, shares)), z.shape[0]);
  const own = soft ? tf.mul(shares, perClass(weights, z)) : weightOfRows(weights, labels as tf.Tensor1D, z);
  const total = tf.sum(tf.mul(focused, own));
  return gamma === 0 ? byWeight(total, tf.sum(own)) : tf.div(total, z.shape[0]);
}

/** z - m [c = label]. */
const marked = (z: tf.Tensor2D, labels: tf.Tensor1D, margin: number): tf.Tensor2D =>
  margin === 0 ? z : tf.sub(z, tf.mul(indicator(labels, z.shape[1]), margin));

/**
 * @param counts n_c, shape [C]; a class without images has the rarest one's cloud
 * @returns the loss of cosine logits in [-1, 1]; it needs `step`, and takes soft targets
 * @throws InputError when a count is not an integer >= 0, or no step is given
 * @example
 * gcl(counts)(cosineHead.logits(features), labels, { epoch, step });
 */
export function gcl(counts: ArrayLike<number>, options: GclOptions = {}): Loss {
  const { amplitude = 0.5, margin = 0, scale = 30, gamma = 0 } = checkOptions(options, { of: 'gcl' });
  const { weights, seed = 0 } = options;
  checkNumbers({ amplitude, margin, scale });
  checkNumbers({ gamma }, { least: 0 });
  random(seed);
  const sizes = cloudSizes(counts).map((size) => amplitude * size);
  const perLabel = givenWeights(weights);
  return checkedLoss({ numClasses: sizes.length }, (logits, labels, given) => {
    const keys = ['gcl', stepOf(given, { loss: 'gcl' })];
    const noise = tf.clipByValue(normal(logits.shape, { seed, keys, deviation: 1 / 3 }), -1, 1);
    const clouded = tf.sub(logits, tf.mul(tf.abs(noise), perClass(sizes, logits)));
    const how = { margin: scale * margin, gamma, weights: perLabel };
    return meanOfRows(tf.mul(clouded, scale), labels, how);
  });
}
