/**
 * Cross-entropy with smoothed labels, one value a row: targets (1 - e_i) onehot + e_i / C, which are never made.
 * l_i = -(1 - e_i) log p_i,label - e_i mean_c log p_ic; its gradient is softmax(z) less the targets. The epsilons get none.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { indicator } from './indicator.ts';
import { type KernelDefinition, runKernel } from './kernel.ts';
import { logSoftmax } from './log-softmax.ts';

export interface SmoothedCrossEntropyInputs {
  readonly logits: tf.Tensor2D;
  readonly labels: tf.Tensor1D;
  readonly epsilon: tf.Tensor1D;
}

const smoothed = ({ logits, labels, epsilon }: SmoothedCrossEntropyInputs): tf.Tensor => {
  const column = tf.expandDims(epsilon, 1);
  const own = tf.mul(indicator(labels, logits.shape[1]), tf.sub(1, column));
  return tf.add(own, tf.div(column, logits.shape[1]));
};

export const SmoothedCrossEntropy: KernelDefinition<SmoothedCrossEntropyInputs, object> = {
  name: 'SmoothedCrossEntropy',
  define: (inputs) => tf.neg(tf.sum(tf.mul(smoothed(inputs), logSoftmax(inputs.logits)), 1)),
};

export interface SmoothedCrossEntropyGradInputs extends SmoothedCrossEntropyInputs {
  readonly dy: tf.Tensor1D;
}

/** Of the logits themselves, as that of sparseCrossEntropy. */
export const SmoothedCrossEntropyGrad: KernelDefinition<SmoothedCrossEntropyGradInputs, object> = {
  name: 'SmoothedCrossEntropyGrad',
  isGradient: true,
  define: ({ dy, ...inputs }) =>
    tf.mul(tf.sub(tf.softmax(inputs.logits), smoothed(inputs)), tf.expandDims(dy, 1)),
};

tf.registerGradient({
  kernelName: SmoothedCrossEntropy.name,
  inputsToSave: ['logits', 'labels', 'epsilon'],
  gradFunc: (dy, [logits, labels, epsilon]) => {
    const inputs = { dy, logits, labels, epsilon } as unknown as SmoothedCrossEntropyGradInputs;
    return { logits: () => runKernel(SmoothedCrossEntropyGrad, inputs, {}) };
  },
});

/**
 * @param logits float32, shape [N, C]
 * @param labels int32, shape [N], in [0, C); not checked on the device, so check data when it is read
 * @param epsilon float32, shape [N], in [0, 1]
 * @returns losses, shape [N], >= 0
 * @throws InputError when the shapes or types do not fit
 */
export function smoothedCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  epsilon: tf.Tensor1D,
): tf.Tensor1D {
  const n = logits.shape[0];
  const isRow = (x: tf.Tensor, dtype: string) => x.rank === 1 && x.shape[0] === n && x.dtype === dtype;
  if (logits.rank !== 2 || !isRow(labels, 'int32') || !isRow(epsilon, 'float32'))
    throw new InputError(
      `smoothedCrossEntropy needs logits [N, C], int32 labels [N] and float32 epsilons [N], but got [${logits.shape}], ${labels.dtype} [${labels.shape}] and ${epsilon.dtype} [${epsilon.shape}].`,
    );
  return runKernel(SmoothedCrossEntropy, { logits, labels, epsilon }, {});
}
