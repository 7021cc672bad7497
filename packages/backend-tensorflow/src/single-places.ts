/**
 * dF of a 1x1 filter that goes over pictures in steps. oneDNN copies the places that it meets, and of fewer channels than
 * a vector has it writes them past the end of the copy (uxlfoundation/oneDNN#6035). Such places are taken out here.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Channels of oneDNN's widest vector; of more, its own copy is right. */
const VECTOR = 16;

interface Steps {
  /** Of the filter. */
  readonly window: readonly number[];
  readonly strides: readonly number[];
}

/** The places of pictures [N, H, W, C] that such a filter meets, where none are added around them; undefined for any other. */
export function placesMet(x: tf.Tensor4D, { window, strides }: Steps): tf.Tensor4D | undefined {
  const isMeant = window[0] === 1 && window[1] === 1 && x.shape[3] < VECTOR;
  if (!isMeant || strides.every((n) => n === 1)) return undefined;
  return tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, strides[0]!, strides[1]!, 1]) as tf.Tensor4D;
}

const hasNoPadding = ({ pad }: tf.Conv2DBackpropFilterAttrs): boolean =>
  [pad].flat(2).every((n) => n === 'valid' || n === 'same' || n === 0);

/** tfjs's own operation, over those places. */
export function registerSinglePlaces(): void {
  const { kernelFunc, ...rest } = tf.getKernel(tf.Conv2DBackpropFilter, 'tensorflow');
  tf.unregisterKernel(tf.Conv2DBackpropFilter, 'tensorflow');
  tf.registerKernel({
    ...rest,
    kernelFunc: (given) => {
      const attrs = given.attrs as unknown as tf.Conv2DBackpropFilterAttrs;
      const { filterShape, dataFormat } = attrs;
      if (dataFormat === 'NCHW' || !hasNoPadding(attrs)) return kernelFunc(given);
      return tf.tidy(() => {
        const strides = [attrs.strides].flat();
        const steps = { window: filterShape, strides: [strides[0]!, strides.at(-1)!] };
        const x = placesMet(given.inputs.x as tf.Tensor4D, steps);
        if (!x) return kernelFunc(given) as tf.Tensor;
        const plain = { ...given.attrs, strides: 1, pad: 'valid' };
        return kernelFunc({ ...given, inputs: { ...given.inputs, x }, attrs: plain }) as tf.Tensor;
      });
    },
  });
}
