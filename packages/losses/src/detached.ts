/** What is computed of a tensor, and is a number to the gradient: PyTorch's `detach`. */
import * as tf from '@tensorflow/tfjs-core';

export function detached<T extends tf.Tensor, R extends tf.Tensor>(x: T, make: (x: T) => R): R {
  const { shape } = x; // x itself may be disposed by then
  return tf.customGrad((given) => ({ value: make(given as T), gradFunc: () => tf.zeros(shape) }))(x) as R;
}
