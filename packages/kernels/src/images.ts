/**
 * Pictures as they are stored, one byte a value, to normalised float32 on the device: (byte / 255 - mean) / std.
 * tfjs has no uint8 tensor, so it would upload four times the bytes.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface ImagesFromBytesAttributes {
  readonly bytes: Uint8Array;
  readonly shape: readonly [number, number, number, number];
  /** A channel each, of values in 0..1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export const ImagesFromBytes: KernelDefinition<object, ImagesFromBytesAttributes> = {
  name: 'ImagesFromBytes',
  define: (_, { bytes, shape, mean, std }) => {
    const values = tf.tensor4d(Float32Array.from(bytes), [...shape]);
    return tf.div(tf.sub(tf.div(values, 255), tf.tensor1d([...mean])), tf.tensor1d([...std]));
  },
};

/**
 * @param bytes N*H*W*C values 0..255, NHWC
 * @param shape [N, H, W, C]
 * @param options.mean, options.std of each channel, in units of 0..1
 * @returns float32, shape [N, H, W, C]
 * @throws InputError when the bytes do not fill the shape, or mean and std are not one a channel
 */
export function imagesFromBytes(
  bytes: Uint8Array,
  shape: readonly [number, number, number, number],
  { mean, std }: { mean: readonly number[]; std: readonly number[] },
): tf.Tensor4D {
  if (
    bytes.length !== tf.util.sizeFromShape([...shape]) ||
    mean.length !== shape[3] ||
    std.length !== shape[3]
  )
    throw new InputError(
      `imagesFromBytes needs as many bytes as [${shape}] and a mean and std a channel, but got ${bytes.length}, ${mean.length} and ${std.length}.`,
    );
  return runKernel(ImagesFromBytes, {}, { bytes, shape, mean, std });
}
