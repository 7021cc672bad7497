/** Whether values fill a shape: tfjs asks only in its debug mode, and a native library reads what is not there. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param count of the values: numbers, truths, strings, or complex numbers
 * @throws InputError unless they are as many as the shape has places
 * @example
 * checkFilled(values.length, [2, 3]);
 */
export function checkFilled(count: number, shape: readonly number[]): void {
  const size = tf.util.sizeFromShape([...shape]);
  if (count !== size)
    throw new InputError(`a tensor of the shape [${shape}] needs ${size} values, but got ${count}.`, {
      shape,
    });
}
