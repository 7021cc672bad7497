/** A value a class, brought to the logits' side. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param values shape [C]
 * @returns the values as a tensor [C], to be disposed
 * @throws InputError when the logits have another number of classes
 */
export function perClass(values: Float32Array, logits: tf.Tensor2D): tf.Tensor1D {
  if (logits.shape[1] !== values.length)
    throw new InputError(
      `the loss was made for ${values.length} classes, but the logits are [${logits.shape}].`,
      { numClasses: values.length, shape: logits.shape },
    );
  return tf.tensor1d(values);
}
