/** Complex numbers as two float32 tensors. */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { kernel, type TorchKernel } from '../kernel.ts';

/** The same data once more: it is freed when both are. */
function share({ dataId, shape, dtype }: tf.TensorInfo, backend: TorchBackend): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

export const complex: TorchKernel[] = [
  kernel(tf.Complex, ({ real, imag }, _, backend) =>
    backend.complex(share(real!, backend), share(imag!, backend)),
  ),
  kernel(tf.Real, ({ input }, _, backend) => share(backend.complexParts(input!)?.real ?? input!, backend)),
  kernel(tf.Imag, ({ input }, _, backend) => share(backend.complexParts(input!)!.imag, backend)),
];
