/** How a kernel is written here: a name, and a function of inputs, attributes and the backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from './backend.ts';

export type Inputs = Record<string, tf.TensorInfo>;

/** A kernel's function; `attributes` has the type that tfjs gives the kernel's attributes. */
export type KernelFunction<Attributes = object> = (
  inputs: Inputs,
  attributes: Attributes,
  backend: TorchBackend,
) => tf.TensorInfo | tf.TensorInfo[];

export interface TorchKernel {
  readonly name: string;
  readonly run: KernelFunction<never>;
}

export function kernel<Attributes = object>(name: string, run: KernelFunction<Attributes>): TorchKernel {
  return { name, run: run as KernelFunction<never> };
}

/** Registers kernels for a backend's name. */
export function registerKernels(kernels: readonly TorchKernel[], backendName: string): void {
  for (const { name, run } of kernels)
    tf.registerKernel({
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        run(inputs as Inputs, attrs as never, backend as TorchBackend),
    });
}
