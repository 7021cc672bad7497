/** Counts of numbers, with weights, row by row: tfjs-node's JavaScript does not name TensorFlow's operation. */
import * as tf from '@tensorflow/tfjs-core';
import { ATTRIBUTES } from './binding.ts';
import { execute, truth } from './execute.ts';
import { TYPES } from './tensors.ts';

const INDICES = { name: 'Tidx', type: ATTRIBUTES.TF_ATTR_TYPE, value: TYPES.TF_INT32 };

export function registerBincount(): void {
  tf.registerKernel({
    kernelName: tf.DenseBincount,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, weights } = inputs as unknown as tf.DenseBincountInputs & Record<string, tf.Tensor>;
      const { size, binaryOutput } = attrs as unknown as tf.DenseBincountAttrs;
      const isBinary = binaryOutput === true && x!.shape.length > 1; // as tfjs's cpu backend
      return tf.tidy(() => {
        const given = [x as tf.Tensor, tf.scalar(size, 'int32'), tf.cast(weights as tf.Tensor, 'float32')];
        const [counts] = execute('DenseBincount', [INDICES, truth('binary_output', isBinary)], given);
        return tf.cast(counts!, weights!.dtype);
      });
    },
  });
}
