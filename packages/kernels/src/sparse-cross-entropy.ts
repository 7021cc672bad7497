/**
 * Cross-entropy from logits and integer labels, one value a row: l_i = log sum_c exp z_ic - z_i,label, in one
 * pass that is safe for large logits; its gradient is softmax(z) - onehot(label).
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { described } from './check-tensors.ts';
import { indicator } from './indicator.ts';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface SparseCrossEntropyInputs {
  readonly logits: tf.Tensor2D;
  readonly labels: tf.Tensor1D;
}

export const SparseCrossEntropy: KernelDefinition<SparseCrossEntropyInputs, object> = {
  name: 'SparseCrossEntropy',
  define: ({ logits, labels }) => {
    const chosen = tf.mul(tf.logSoftmax(logits), indicator(labels, logits.shape[1]));
    return tf.neg(tf.sum(chosen, 1));
  },
};

export interface SparseCrossEntropyGradInputs {
  readonly dy: tf.Tensor1D;
  readonly logits: tf.Tensor2D;
  readonly labels: tf.Tensor1D;
}

/** Of the logits themselves: had the loss a second output, tfjs would upload zeros of its size as its gradient. */
export const SparseCrossEntropyGrad: KernelDefinition<SparseCrossEntropyGradInputs, object> = {
  name: 'SparseCrossEntropyGrad',
  isGradient: true,
  define: ({ dy, logits, labels }) => {
    const onehot = indicator(labels, logits.shape[1]);
    return tf.mul(tf.sub(tf.softmax(logits), onehot), tf.expandDims(dy, 1));
  },
};

tf.registerGradient({
  kernelName: SparseCrossEntropy.name,
  inputsToSave: ['logits', 'labels'],
  gradFunc: (dy, [logits, labels]) => {
    const inputs = { dy, logits, labels } as unknown as SparseCrossEntropyGradInputs;
    return { logits: () => runKernel(SparseCrossEntropyGrad, inputs, {}) };
  },
});

/**
 * @param logits float32, shape [N, C]
 * @param labels int32, shape [N], in [0, C); not checked on the device, so check data when it is read
 * @returns losses, shape [N], >= 0
 * @throws InputError when the shapes do not fit or the labels are not int32
 */
export function sparseCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const isFit = logits?.rank === 2 && labels?.rank === 1 && labels.shape[0] === logits.shape[0];
  if (!isFit || labels.dtype !== 'int32')
    throw new InputError(
      `sparseCrossEntropy needs logits [N, C] and int32 labels [N], but got ${described(logits)} and ${described(labels)}.`,
    );
  return runKernel(SparseCrossEntropy, { logits, labels }, {});
}
