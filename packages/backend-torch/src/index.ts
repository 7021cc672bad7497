/**
 * A tfjs backend on libtorch, PyTorch's own library, through its stable C interface.
 */
import * as tf from '@tensorflow/tfjs-core';
import { TorchBackend } from './backend.ts';
import { fallbackKernels, viaCpu } from './fallback.ts';
import { registerKernels } from './kernel.ts';
import { KERNELS } from './kernels/all.ts';
import { complexArithmetic } from './kernels/complex.ts';
import { openNative } from './native.ts';

export { TorchBackend } from './backend.ts';
export { liveHandles } from './handle.ts';

/**
 * Loads libtorch and registers the tfjs backend `torch`, ahead of the others by priority.
 *
 * @param options.library folder that holds libtorch_cpu (`torch/lib` of a PyTorch wheel, 2.13 or newer), with the
 *   wheel's own neighbours in place; downloads nothing
 * @returns libtorch's version
 * @throws EngineError when the library is missing, too old, or another one is loaded in this process
 * @example
 * registerTorchBackend({ library: '/opt/torch/lib' });
 * await tf.setBackend('torch');
 */
export function registerTorchBackend({ library }: { library: string }): { version: string } {
  const { version } = openNative(library);
  if (!tf.engine().registryFactory.torch) {
    registerKernels(KERNELS, 'torch', { elsewhere: (name) => complexArithmetic(name) ?? viaCpu(name) });
    registerKernels(fallbackKernels(KERNELS), 'torch', { elsewhere: viaCpu });
    tf.registerBackend('torch', () => new TorchBackend(), 4);
  }
  return { version };
}
