/**
 * Places that are out of range: libtorch's CPU kernels refuse them, a GPU's would end every later operation of the
 * process. There they are looked at before, on the host, where indices and labels have mostly come from.
 */
import { InputError } from '@longtail/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { native } from '../native.ts';

/**
 * @param options.count how many places there are
 * @param options.strides of the parts that a place is made of, last axis of `indices`
 * @param options.least the smallest that is allowed
 * @throws InputError with the first one that is not in [least, count)
 */
export function checkPlaces(
  indices: tf.TensorInfo,
  backend: TorchBackend,
  {
    name,
    count,
    strides = [1],
    least = 0,
  }: { name: string; count: number; strides?: readonly number[]; least?: number },
): void {
  if (native().device.isHost) return;
  const values = backend.readSync(indices.dataId) as Int32Array;
  for (let start = 0; start < values.length; start += strides.length) {
    const parts = values.subarray(start, start + strides.length);
    const place = strides.reduce((sum, stride, i) => sum + stride * parts[i]!, 0);
    if (place >= count || parts.some((part) => part < least))
      throw new InputError(
        `${name}: the index value ${place} is not in [${Math.max(least, 0)}, ${count - 1}]`,
        {
          index: place,
        },
      );
  }
}
