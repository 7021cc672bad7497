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

/** The tensor itself, as one more of tfjs's. */
export function same({ dataId, shape, dtype }: tf.TensorInfo, backend: TorchBackend): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

export function kernel<Attributes = object>(name: string, run: KernelFunction<Attributes>): TorchKernel {
  return { name, run: run as KernelFunction<never> };
}

/**
 * Registers kernels for a backend's name, but for those that it has: a backend may be removed and registered again, and
 * kernels stay.
 *
 * @param options.elsewhere what runs where an input is of a type that libtorch's tensors do not have here
 */
export function registerKernels(
  kernels: readonly TorchKernel[],
  backendName: string,
  { elsewhere }: { elsewhere: (name: string) => KernelFunction },
): void {
  for (const { name, run } of kernels) {
    if (tf.getKernel(name, backendName)) continue;
    const other = anyType.has(name) ? undefined : elsewhere(name);
    tf.registerKernel({
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const chosen = other && hasForeign(inputs as Inputs, attrs as Attributes) ? other : run;
        return chosen(inputs as Inputs, attrs as never, backend as TorchBackend);
      },
    });
  }
}

/** Kernels that look after strings and complex numbers themselves. */
const anyType: ReadonlySet<string> = new Set([tf.Identity, tf.Complex, tf.Real, tf.Imag]);

type Attributes = { readonly dtype?: tf.DataType; readonly value?: unknown } | undefined;
const isForeign = (dtype: tf.DataType | undefined): boolean => dtype === 'complex64' || dtype === 'string';

/** What is given or asked for is no type of libtorch's. */
function hasForeign(inputs: Inputs, attributes: Attributes): boolean {
  for (const key in inputs) if (isForeign(inputs[key]?.dtype)) return true;
  return isForeign(attributes?.dtype) || typeof attributes?.value === 'string';
}
