/**
 * Logarithms of probabilities, y_ic = z_ic - log sum_k exp z_ik, safe for large logits, as one kernel with its gradient
 * dz = dy - exp(y) sum_c dy. `tf.logSoftmax` never calls the kernel of its name, even where a backend has it.
 */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelDefinition, runKernel } from './kernel.ts';

export interface LogSoftmaxRowsInputs {
  readonly logits: tf.Tensor2D;
}

export const LogSoftmaxRows: KernelDefinition<LogSoftmaxRowsInputs, object> = {
  name: 'LogSoftmaxRows',
  define: ({ logits }) =>
    tf.getKernel(tf.LogSoftmax, tf.getBackend())
      ? tf.engine().runKernel(tf.LogSoftmax, { logits }, { axis: 1 })
      : tf.logSoftmax(logits),
};

export interface LogSoftmaxRowsGradInputs {
  readonly dy: tf.Tensor2D;
  /** The forward pass's output. */
  readonly y: tf.Tensor2D;
}

export const LogSoftmaxRowsGrad: KernelDefinition<LogSoftmaxRowsGradInputs, object> = {
  name: 'LogSoftmaxRowsGrad',
  isGradient: true,
  define: ({ dy, y }) => tf.sub(dy, tf.mul(tf.exp(y), tf.sum(dy, 1, true))),
};

tf.registerGradient({
  kernelName: LogSoftmaxRows.name,
  outputsToSave: [true],
  gradFunc: (dy, [y]) => {
    const inputs = { dy, y } as unknown as LogSoftmaxRowsGradInputs;
    return { logits: () => runKernel(LogSoftmaxRowsGrad, inputs, {}) };
  },
});

/**
 * @param logits float32, shape [N, C]
 * @returns log-probabilities, shape [N, C], <= 0
 * @throws InputError when the logits are not of rank 2
 */
export function logSoftmax(logits: tf.Tensor2D): tf.Tensor2D {
  if (logits.rank !== 2) throw new InputError(`logSoftmax needs logits [N, C], but got [${logits.shape}].`);
  return runKernel(LogSoftmaxRows, { logits }, {});
}
