/** Complex numbers as two float32 tensors. */
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { type KernelFunction, kernel, type TorchKernel } from '../kernel.ts';
import { add, scoped, type Use } from '../shims.ts';

/** The same data once more: it is freed when both are. */
function share({ dataId, shape, dtype }: tf.TensorInfo, backend: TorchBackend): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

type Parts = readonly [real: Handle, imag: Handle];

/** The cpu's own ones do not broadcast. */
const ARITHMETIC: Record<string, (a: Parts, b: Parts, use: Use, own: Use) => Parts> = {
  [tf.Add]: (a, b, _, own) => [own(add(a[0], b[0])), own(add(a[1], b[1]))],
  [tf.Sub]: (a, b, _, own) => [own(add(a[0], b[0], -1)), own(add(a[1], b[1], -1))],
  [tf.Multiply]: (a, b, use, own) => {
    const product = (i: 0 | 1, k: 0 | 1) => use(call('aten::mul.Tensor', a[i], b[k]));
    return [own(add(product(0, 0), product(1, 1), -1)), own(add(product(0, 1), product(1, 0)))];
  },
};

/** Sums, differences and products of complex numbers, by the kernel's name. */
export const complexArithmetic = (name: string): KernelFunction | undefined =>
  ARITHMETIC[name] &&
  ((inputs, _, backend) =>
    scoped((use, own) => {
      const { a, b } = inputs as Record<'a' | 'b', tf.TensorInfo>;
      const parts = (x: tf.TensorInfo): Parts => {
        const { real, imag } = backend.complexParts(x)!;
        return [backend.handle(real), backend.handle(imag)];
      };
      const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const [real, imag] = ARITHMETIC[name]!(parts(a), parts(b), use, own);
      return backend.complex(backend.output(real, shape, 'float32'), backend.output(imag, shape, 'float32'));
    }));

export const complex: TorchKernel[] = [
  kernel(tf.Complex, ({ real, imag }, _, backend) =>
    backend.complex(share(real!, backend), share(imag!, backend)),
  ),
  kernel(tf.Real, ({ input }, _, backend) => share(backend.complexParts(input!)?.real ?? input!, backend)),
  kernel(tf.Imag, ({ input }, _, backend) => share(backend.complexParts(input!)!.imag, backend)),
];
