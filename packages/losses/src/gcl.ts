/**
 * Gaussian clouded logits (Li et al. 2022): cross-entropy of s (z_c - a |e_c| d_c - m [c = label]) with e_c a normal
 * number of deviation 1/3 cut to [-1, 1] and d_c = (log n_max - log n_c) / (log n_max - log n_min), drawn for each row and
 * class. The logits are cosines. Reference: Keke921/GCLLoss, losses.py.
 */
import { checkNumbers, checkOptions, extent, random } from '@longtail/core';
import { indicator, normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkedLoss } from './checked-loss.ts';
import { presentCounts } from './class-counts.ts';
import { hardLabels } from './cross-entropy-rows.ts';
import type { Loss } from './loss.ts';
import { meanCrossEntropy } from './mean-cross-entropy.ts';
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
  /** w_c >= 0, shape [C]; the mean is by their sum. */
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

/**
 * @param counts n_c, shape [C]; a class without images has the rarest one's cloud
 * @returns the loss of cosine logits in [-1, 1]; it needs `step`
 * @throws InputError when a count is not an integer >= 0, or no step is given
 * @example
 * gcl(counts)(cosineHead.logits(features), labels, { epoch, step });
 */
export function gcl(counts: ArrayLike<number>, options: GclOptions = {}): Loss {
  const { amplitude = 0.5, margin = 0, scale = 30, weights, seed = 0 } = checkOptions(options, { of: 'gcl' });
  checkNumbers({ amplitude, margin, scale });
  random(seed);
  const sizes = cloudSizes(counts).map((size) => amplitude * size);
  const perLabel = givenWeights(weights);
  return checkedLoss({ numClasses: sizes.length }, (logits, labels, given) => {
    const hard = hardLabels(labels, { loss: 'gcl' });
    const keys = ['gcl', stepOf(given, { loss: 'gcl' })];
    const noise = tf.clipByValue(normal(logits.shape, { seed, keys, deviation: 1 / 3 }), -1, 1);
    const clouded = tf.sub(logits, tf.mul(tf.abs(noise), perClass(sizes, logits)));
    const shifted = margin === 0 ? clouded : tf.sub(clouded, tf.mul(indicator(hard, sizes.length), margin));
    return meanCrossEntropy(tf.mul(shifted, scale), hard, perLabel);
  });
}
