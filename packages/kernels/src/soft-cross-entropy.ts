/**
 * Cross-entropy from logits and soft targets, one value a row: l_i = -sum_c t_ic log softmax(z_i)_c, safe for large logits; its
 * gradient is softmax(z) sum_c t_c - t. The targets get none.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';
import { logSoftmax } from './log-softmax.ts';

export interface SoftCrossEntropyInputs {
  readonly logits: tf.Tensor2D;
  readonly targets: tf.Tensor2D;
}

export const SoftCrossEntropy: KernelDefinition<SoftCrossEntropyInputs, object> = {
  name: 'SoftCrossEntropy',
  define: ({ logits, targets }) => tf.neg(tf.sum(tf.mul(targets, logSoftmax(logits)), 1)),
};

export interface SoftCrossEntropyGradInputs extends SoftCrossEntropyInputs {
  readonly dy: tf.Tensor1D;
}

/** Of the logits themselves, as that of sparseCrossEntropy. */
export const SoftCrossEntropyGrad: KernelDefinition<SoftCrossEntropyGradInputs, object> = {
  name: 'SoftCrossEntropyGrad',
  isGradient: true,
  define: ({ dy, logits, targets }) => {
    const slope = tf.sub(tf.mul(tf.softmax(logits), tf.sum(targets, 1, true)), targets);
    return tf.mul(slope, tf.expandDims(dy, 1));
  },
};

tf.registerGradient({
  kernelName: SoftCrossEntropy.name,
  inputsToSave: ['logits', 'targets'],
  gradFunc: (dy, [logits, targets]) => {
    const inputs = { dy, logits, targets } as unknown as SoftCrossEntropyGradInputs;
    return { logits: () => runKernel(SoftCrossEntropyGrad, inputs, {}) };
  },
});

/**
 * @param logits float32, shape [N, C]
 * @param targets float32, shape [N, C]; rows need not sum to 1
 * @returns losses, shape [N]
 * @throws InputError when the shapes do not fit or the targets are not float32
 */
export function softCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  if (logits.rank !== 2 || targets.dtype !== 'float32' || !tf.util.arraysEqual(targets.shape, logits.shape))
    throw new InputError(
      `softCrossEntropy needs logits [N, C] and float32 targets of their shape, but got [${logits.shape}] and ${targets.dtype} [${targets.shape}].`,
    );
  return runKernel(SoftCrossEntropy, { logits, targets }, {});
}
