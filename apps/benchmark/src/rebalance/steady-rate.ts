/**
 * A learning rate that descent is steady with: 1 / L at most, L the largest slope of the cross-entropy's slope, or a bound of it.
 *   of scales, z'_c = s_c z_c:  the largest mean of p_c (1 - p_c) z_c^2
 *   of weights, z = W f + b:    the mean of (|f|^2 + 1) / 2
 */
import type { Head } from '@longtail/heads';
import { classAware } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import type { Rows } from './fit-context.ts';

/** So many rows tell a mean. */
const MOST_ROWS = 4096;

/** @param rate the one that is wanted, if it is not larger */
export function steadyRate(
  rate: number,
  { task, base, of }: { task: Rows & { seed: number }; base: Head; of: 'scales' | 'weights' },
): number {
  const { features, labels, seed } = task;
  const drawn = classAware(labels, { seed }).indices(0).subarray(0, MOST_ROWS);
  const slope = tf.tidy(() => {
    const rows = tf.gather(features, tf.tensor1d(drawn, 'int32')) as tf.Tensor2D;
    if (of === 'weights') return tf.mean(tf.sum(tf.square(rows), 1)).dataSync()[0]! / 2 + 0.5;
    const logits = base.logits(rows);
    const p = tf.softmax(logits);
    const each = tf.mul(tf.mul(p, tf.sub(1, p)), tf.square(logits));
    return tf.max(tf.mean(each, 0)).dataSync()[0]!;
  });
  return Math.min(rate, 1 / slope);
}
