/**
 * Max pools with padding in numbers (a ResNet's stem): tfjs-node's JavaScript knows 'same' and 'valid' only, TensorFlow's
 * operations any.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OpAttribute } from './binding.ts';
import { execute, ints, text } from './execute.ts';

/** undefined where tfjs-node has what is asked for. */
function explicitPadding(
  { shape, dtype }: tf.Tensor,
  { filterSize, strides, pad, dimRoundingMode }: tf.MaxPoolAttrs,
): OpAttribute[] | undefined {
  if (typeof pad === 'string' || dtype !== 'float32') return undefined;
  const size = shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(size, filterSize, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  // Rounded up, a last window reaches beyond what is padded.
  const beyond = (out: number, step: number, reach: number, seen: number, after: number) =>
    Math.max(after, (out - 1) * step + reach - seen);
  const below = beyond(info.outHeight, info.strideHeight, info.filterHeight, info.inHeight + top, bottom);
  const behind = beyond(info.outWidth, info.strideWidth, info.filterWidth, info.inWidth + left, right);
  return [
    ints('ksize', [1, info.filterHeight, info.filterWidth, 1]),
    ints('strides', [1, info.strideHeight, info.strideWidth, 1]),
    text('padding', 'EXPLICIT'),
    ints('explicit_paddings', [0, 0, top, below, left, behind, 0, 0]),
    text('data_format', 'NHWC'),
  ];
}

/** The kernel runs TensorFlow's own operation for explicit padding, and what it was for any other. */
function extend(kernelName: string, order: readonly string[]): void {
  const { kernelFunc, ...rest } = tf.getKernel(kernelName, 'tensorflow');
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({
    ...rest,
    kernelFunc: (given) => {
      const inputs = order.map((name) => given.inputs[name] as tf.Tensor);
      const attributes = explicitPadding(inputs[0]!, given.attrs as unknown as tf.MaxPoolAttrs);
      return attributes ? execute(kernelName, attributes, inputs)[0]! : kernelFunc(given);
    },
  });
}

export function registerPools(): void {
  extend(tf.MaxPool, ['x']);
  extend(tf.MaxPoolGrad, ['input', 'output', 'dy']);
}
