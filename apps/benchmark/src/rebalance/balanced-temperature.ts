/** The temperature of a head whose scores are no probabilities, by held-out rows that are drawn class by class. */
import { fitTemperature } from '@longtail/heads';
import { classAware } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';

/** One number is known well by as many rows. */
const MOST_ROWS = 8192;

/**
 * @param logits of held-out rows, by heads that were fitted on others; not disposed here
 * @param labels of all of them, in their order
 * @returns 1 where nothing is held out, or no temperature is best, as where all rows are right: any would make them as sure as it is low
 */
export function balancedTemperature(
  logits: readonly tf.Tensor2D[],
  labels: Int32Array,
  { seed }: { seed: number },
): number {
  if (labels.length === 0) return 1;
  const drawn = classAware(labels, { seed }).indices(0).subarray(0, MOST_ROWS);
  return tf.tidy(() => {
    const rows = tf.gather(tf.concat([...logits]), tf.tensor1d(drawn, 'int32')) as tf.Tensor2D;
    const { temperature, isInside } = fitTemperature(
      rows,
      drawn.map((row) => labels[row]!),
    );
    return isInside ? temperature : 1;
  });
}
