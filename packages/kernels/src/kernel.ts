/**
 * How a kernel that tfjs lacks comes to every backend: its definition in plain tfjs operations is registered
 * for the backend in use, the first time it is asked for, unless that backend has brought its own.
 */
import * as tf from '@tensorflow/tfjs-core';

/** A kernel by name, and what it computes: a function of tensors and attributes, in tfjs operations. */
export interface KernelDefinition<Inputs, Attributes> {
  readonly name: string;
  /** It has no gradient of its own: where it is differentiated, as a gradient of a gradient is, its definition is run. */
  readonly isGradient?: true;
  readonly define: (inputs: Inputs, attributes: Attributes) => tf.Tensor | tf.Tensor[];
}

/**
 * Runs a kernel on the backend in use, recording it on the tape if its gradient is registered.
 *
 * @returns one tensor, or the list of them, as the kernel's definition says
 */
export function runKernel<Outputs, Inputs extends object, Attributes extends object>(
  kernel: KernelDefinition<Inputs, Attributes>,
  inputs: Inputs,
  attributes: Attributes,
): Outputs {
  if (kernel.isGradient && tf.engine().state.gradientDepth > 0)
    return kernel.define(inputs, attributes) as Outputs;
  ensureKernel(kernel);
  return tf
    .engine()
    .runKernel(
      kernel.name,
      inputs as unknown as tf.NamedTensorMap,
      attributes as unknown as tf.NamedAttrMap,
    ) as Outputs;
}

function ensureKernel<Inputs, Attributes>({ name, define }: KernelDefinition<Inputs, Attributes>): void {
  if (!tf.getBackend()) tf.backend(); // the first call of all chooses it
  const backendName = tf.getBackend();
  if (tf.getKernel(name, backendName)) return;
  tf.registerKernel({
    kernelName: name,
    backendName,
    // tfjs records nothing below a kernel, so the definition's own operations leave no trace on the tape.
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => define(inputs as unknown as Inputs, attrs as unknown as Attributes)),
  });
}
