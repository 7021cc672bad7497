/** `@tensorflow/tfjs-node-gpu` over a current TensorFlow: its JavaScript and kernels, the binding by FFI. */
import { registerGradients } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs';
import { binding } from './binding.ts';
import { loadJavascript } from './javascript.ts';
import { registerOwnKernels } from './kernels.ts';
import { openTensorflow } from './native.ts';

export interface TensorflowOptions {
  readonly library: string;
  readonly javascript: string;
  readonly device?: 'cpu' | 'gpu';
}

/**
 * Loads TensorFlow and registers the tfjs backend `tensorflow`, by the priority that tfjs-node gives it.
 *
 * @param options.library folder of libtensorflow_cc.so.2 (`tensorflow` of a wheel, 2.21 tested), its neighbours in place
 * @param options.javascript folder of the unpacked package @tensorflow/tfjs-node-gpu 4.22; its install script is not run
 * @param options.device 'gpu': CUDA, by a wheel that has it, with the nvidia wheels beside. Not run on a GPU so far
 * @returns TensorFlow's version
 * @throws EngineError when either is missing, does not load, or another TensorFlow is loaded in this process
 * @throws NoGpuError when TensorFlow finds no GPU; it still does for the device 'cpu'
 * @example
 * registerTensorflowBackend({ library: 'wheel/tensorflow', javascript: 'package' });
 * await tf.setBackend('tensorflow');
 */
export function registerTensorflowBackend({ library, javascript, device = 'cpu' }: TensorflowOptions): {
  version: string;
} {
  const native = openTensorflow(library, device);
  registerGradients();
  if (!tf.engine().registryFactory.tensorflow) {
    const make = loadJavascript(javascript);
    registerOwnKernels();
    tf.registerBackend('tensorflow', () => make(binding(native)), 3);
  }
  return { version: native.version };
}
