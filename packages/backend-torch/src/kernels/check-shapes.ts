/** That gradients fit what they are of, before libtorch looks. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/** @throws InputError where libtorch would read beyond a tensor, or broadcast it */
export function expectShapes(
  name: string,
  all: readonly (readonly [tf.TensorInfo, readonly number[]])[],
): void {
  for (const [{ shape }, wanted] of all)
    if (!tf.util.arraysEqual(shape, [...wanted]))
      throw new InputError(`${name} needs tensors of one shape: [${wanted}], but got [${shape}].`);
}
