/**
 * LOS, label over-smooth (Sun et al., ICLR 2025, "Rethinking classifier re-training in long-tailed recognition"): the joint head is
 * trained on, on rows as they are, with targets that are all but even,
 *   t_c = (1 - e) [c = label] + e / C,   e = 0.98
 * which makes the logits of all classes small and alike; no class is counted. Reference: bilibili/LOS, main_stage2.py: 20 epochs, rate
 * 5e-4 cosine for batches of 64, momentum 0.9, no decay in stage 2 (5e-3 in stage 1), which are the defaults. Its code keeps the
 * best epoch of the test set; here it is the last.
 */
import { checkNumbers, checkOptions } from '@longtail/core';
import { smoothedCrossEntropy } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { copied, finished } from './from-joint.ts';
import type { FeatureBatches, Head } from './head.ts';
import { linearFrom } from './linear.ts';
import type { HeadLoss, TrainHeadOptions } from './train-head.ts';

export interface LosOptions extends Omit<TrainHeadOptions, 'loss'> {
  /** e, in [0, 1]. Default: 0.98, the paper's for a hundred classes and more; of ten it leaves next to nothing to learn from. */
  readonly smoothing?: number;
}

/**
 * @param joint the linear head of stage 1, not a cosine head; it is copied, not changed
 * @param batches features as they are, epoch by epoch; each batch is disposed here
 * @returns a linear head; its probabilities are near 1 / C, and want a temperature (`fitTemperature`) before they are any
 * @throws InputError when the joint head is not linear, the smoothing out of range, or as trainHead
 * @example
 * const head = await labelOverSmooth(joint, batches);
 */
export async function labelOverSmooth(
  joint: Head,
  batches: FeatureBatches,
  options: LosOptions = {},
): Promise<Head> {
  const { smoothing = 0.98, epochs = 20 } = checkOptions(options, { of: 'labelOverSmooth' });
  const { learningRate = 5e-4, weightDecay = 0 } = options;
  checkNumbers({ smoothing }, { least: 0, most: 1 });
  const loss: HeadLoss = (logits, labels) =>
    tf.tidy(() => {
      const epsilon = tf.fill<tf.Rank.R1>([labels.shape[0]], smoothing);
      return tf.mean(smoothedCrossEntropy(logits, labels, epsilon)) as tf.Scalar;
    });
  const head = linearFrom('los', copied(joint, { of: 'labelOverSmooth' }), { trainable: true });
  return finished(head, batches, { ...options, epochs, learningRate, weightDecay, loss });
}
