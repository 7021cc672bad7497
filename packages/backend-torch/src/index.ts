/**
 * A tfjs backend on libtorch, PyTorch's own library, through its stable C interface.
 */
import { EngineError } from '@longtail/core';
import { registerGradients } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { TorchBackend } from './backend.ts';
import { fallbackKernels, viaCpu } from './fallback.ts';
import { registerKernels } from './kernel.ts';
import { KERNELS } from './kernels/all.ts';
import { complexArithmetic } from './kernels/complex.ts';
import { type NativeOptions, openNative } from './native.ts';
import { checkAutocast } from './onednn.ts';

export { TorchBackend } from './backend.ts';
export type { DeviceName } from './device.ts';
export { liveHandles } from './handle.ts';
export { cpuHasBfloat16 } from './onednn.ts';

export interface TorchOptions extends NativeOptions {
  /** Folder that holds libtorch_cpu (`torch/lib` of a PyTorch wheel, 2.11 or newer; 2.13 on Windows), the wheel's own neighbours in place. */
  readonly library: string;
  readonly autocast?: 'bfloat16' | undefined;
}

/** The autocast of the backend that tfjs has. */
let registered: TorchOptions['autocast'];

/**
 * Loads libtorch and registers the tfjs backend `torch`, ahead of the others by priority. Downloads nothing.
 *
 * @param options.device 'gpu': CUDA on Linux and Windows, MPS on macOS; one device a process. 'apart' is for tests: the
 *   CPU as if it were a GPU, whose memory JavaScript cannot see
 * @param options.index which of several GPUs
 * @param options.autocast 'bfloat16': convolutions and matrix products compute in bfloat16, with sums in float32; weights,
 *   and whatever is read, stay float32 (torch.autocast's meaning)
 * @returns libtorch's version
 * @throws EngineError when the library is missing, too old, or another one is loaded in this process, or the CPU has no
 *   bfloat16, or the backend is registered with another autocast
 * @throws NoGpuError when no GPU answers; the same library still does for the device 'cpu'
 * @example
 * registerTorchBackend({ library: '/opt/torch/lib', device: 'gpu' });
 * await tf.setBackend('torch');
 */
export function registerTorchBackend({ library, autocast, ...options }: TorchOptions): { version: string } {
  const { version } = openNative(library, options);
  if (autocast) checkAutocast(autocast);
  registerGradients();
  if (!tf.findBackendFactory('torch')) {
    registerKernels(KERNELS, 'torch', { elsewhere: (name) => complexArithmetic(name) ?? viaCpu(name) });
    registerKernels(fallbackKernels(KERNELS), 'torch', { elsewhere: viaCpu });
    tf.registerBackend('torch', () => new TorchBackend({ autocast }), 4);
    registered = autocast;
  } else if (registered !== autocast)
    throw new EngineError(
      `the backend torch is registered with autocast ${registered ?? 'off'} already; call tf.removeBackend('torch') before it is to be ${autocast ?? 'off'}.`,
      { autocast },
    );
  return { version };
}
