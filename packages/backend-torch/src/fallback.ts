/**
 * What libtorch has no operation for (strings, ragged and sparse tensors, image warps, complex numbers in most kernels)
 * runs on tfjs's own cpu kernels: inputs are copied out, outputs copied in.
 */

import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from './backend.ts';
import type { KernelFunction, TorchKernel } from './kernel.ts';

let shared: MathBackendCPU | undefined;

/** One instance that tfjs does not know of: nothing stays in it between calls. */
function cpu(): MathBackendCPU {
  if (!shared) {
    shared = new MathBackendCPU();
    (shared as unknown as { firstUse: boolean }).firstUse = false; // it would greet, and advise another backend
  }
  return shared;
}

const run = (name: string, inputs: object, attrs: object): tf.TensorInfo | tf.TensorInfo[] =>
  tf
    .getKernel(name, 'cpu')!
    .kernelFunc({ inputs: inputs as tf.NamedTensorInfoMap, attrs: attrs as tf.NamedAttrMap, backend: cpu() });

function copyOut(info: tf.TensorInfo, backend: TorchBackend): tf.TensorInfo {
  const { shape, dtype } = info;
  const parts = backend.complexParts(info);
  // Some cpu kernels ask for the rank, which tensors have and plain infos do not.
  const described = { shape, dtype, rank: shape.length };
  if (!parts) return { dataId: cpu().write(backend.readSync(info.dataId), shape, dtype), ...described };
  const [real, imag] = [copyOut(parts.real, backend), copyOut(parts.imag, backend)];
  const whole = run(tf.Complex, { real, imag }, {}) as tf.TensorInfo;
  for (const part of [real, imag]) cpu().disposeData(part.dataId);
  return whole;
}

function copyIn({ dataId, shape, dtype }: tf.TensorInfo, backend: TorchBackend): tf.TensorInfo {
  const { complexTensorInfos: parts } = cpu().data.get(dataId);
  if (!parts) return { dataId: backend.write(cpu().readSync(dataId), shape, dtype), shape, dtype };
  const [real, imag] = [copyIn({ ...parts.real, shape }, backend), copyIn({ ...parts.imag, shape }, backend)];
  return backend.complex(real, imag);
}

/** The cpu kernel of a name as a kernel of libtorch's backend. */
export function viaCpu(name: string): KernelFunction {
  return (inputs, attributes, backend) => {
    const held: tf.TensorInfo[] = [];
    const hold = (info: tf.TensorInfo) => {
      held.push(info);
      return info;
    };
    try {
      // Some kernels take a list, or have one among their inputs.
      const copy = (given: unknown): unknown => {
        if (Array.isArray(given)) return given.map(copy);
        return given && hold(copyOut(given as tf.TensorInfo, backend));
      };
      const copies = Array.isArray(inputs)
        ? inputs.map(copy)
        : Object.fromEntries(Object.entries(inputs).map(([key, given]) => [key, copy(given)]));
      const outputs = run(name, copies as object, attributes);
      const taken = [outputs].flat().map((output) => copyIn(hold(output), backend));
      return Array.isArray(outputs) ? taken : taken[0]!;
    } finally {
      for (const { dataId } of held) if (cpu().data.has(dataId)) cpu().disposeData(dataId, true);
    }
  };
}

/** Kernels that neither run nor are named in `native`: one of the cpu backend each. */
export function fallbackKernels(native: readonly TorchKernel[]): TorchKernel[] {
  const known = new Set(native.map(({ name }) => name));
  return tf
    .getKernelsForBackend('cpu')
    .filter(({ kernelName }) => !known.has(kernelName))
    .map(({ kernelName: name }) => ({ name, run: viaCpu(name) as KernelFunction<never> }));
}
