/**
 * The gradient that `tf.stridedSlice` lacks: dy goes back to the places it was read from, zeros elsewhere.
 * Importing this file registers it. For positive strides and plain begins and ends (no ellipsis, new or shrunk axis).
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface StridedSliceGradAttributes {
  /** Shape of the sliced tensor; `begin` and `strides` have its length. */
  readonly shape: readonly number[];
  readonly begin: readonly number[];
  readonly strides: readonly number[];
}

export const StridedSliceGrad: KernelDefinition<{ readonly dy: tf.Tensor }, StridedSliceGradAttributes> = {
  name: 'StridedSliceGrad',
  isGradient: true,
  define: ({ dy }, { shape, begin, strides }) =>
    strides.reduce((spread, stride, axis) => {
      const length = spread.shape[axis]!;
      const [outer, inner] = [spread.shape.slice(0, axis), spread.shape.slice(axis + 1)];
      const size = (dims: number[]) => dims.reduce((a, b) => a * b, 1);
      // Each value gets stride - 1 zeros behind it; then the axis is moved to `begin` and cut to its length.
      const apart = tf.pad(tf.reshape(spread, [size(outer), length, 1, size(inner)]), [
        [0, 0],
        [0, 0],
        [0, stride - 1],
        [0, 0],
      ]);
      const line = tf.reshape(apart, [size(outer), length * stride, size(inner)]);
      const after = Math.max(0, shape[axis]! - begin[axis]! - length * stride);
      const placed = tf.pad(line, [
        [0, 0],
        [begin[axis]!, after],
        [0, 0],
      ]);
      return tf.reshape(tf.slice(placed, [0, 0, 0], [-1, shape[axis]!, -1]), [
        ...outer,
        shape[axis]!,
        ...inner,
      ]);
    }, dy),
};

tf.registerGradient({
  kernelName: tf.StridedSlice,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
      attributes as unknown as tf.StridedSliceAttrs;
    if (ellipsisMask || newAxisMask || shrinkAxisMask || strides.some((stride) => stride < 1))
      throw new InputError(
        `the gradient of stridedSlice needs positive strides and no ellipsis, new or shrunk axis, but the strides are [${strides}].`,
        { strides },
      );
    const shape = x!.shape;
    const from = tf.slice_util.sliceInfo(shape, begin, end, strides, beginMask, endMask, 0, 0, 0).begin;
    const full = {
      shape,
      begin: shape.map((_, i) => from[i] ?? 0),
      strides: shape.map((_, i) => strides[i] ?? 1),
    };
    return { x: () => runKernel(StridedSliceGrad, { dy: dy as tf.Tensor }, full) };
  },
});
