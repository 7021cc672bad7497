/** A value a class, brought to the logits' side. */
import * as tf from '@tensorflow/tfjs-core';
import { checkLogits } from './checked-loss.ts';

/**
 * @param values shape [C]
 * @returns the values as a tensor [C], to be disposed
 * @throws InputError when the logits have another number of classes
 */
export function perClass(values: Float32Array, logits: tf.Tensor2D): tf.Tensor1D {
  checkLogits(logits, { numClasses: values.length });
  return tf.tensor1d(values);
}
