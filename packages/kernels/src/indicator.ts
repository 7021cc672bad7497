/** One-hot rows of labels, as floats; unlike `tf.oneHot` also for one class, and never int32. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param labels int32, shape [N]; one outside [0, C) gives a row of zeros
 * @param numClasses C
 * @returns 1 at each row's label and 0 elsewhere, float32, shape [N, C]
 * @throws InputError when the labels are not int32 of rank 1
 */
export function indicator(labels: tf.Tensor1D, numClasses: number): tf.Tensor2D {
  if (labels.rank !== 1 || labels.dtype !== 'int32')
    throw new InputError(`indicator needs int32 labels [N], but got ${labels.dtype} [${labels.shape}].`);
  return tf.tidy(() => {
    const classes = tf.range(0, numClasses, 1, 'int32');
    return tf.cast(tf.equal(tf.expandDims(labels, 1), classes), 'float32') as tf.Tensor2D;
  });
}
