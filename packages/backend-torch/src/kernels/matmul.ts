/** Products of matrices, in batches. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { call } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { type KernelFunction, kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { add, cast, scoped } from '../shims.ts';
import { activate } from './activation.ts';

type Fused = Partial<Pick<tf._FusedMatMulAttrs, 'activation' | 'leakyreluAlpha'>>;

/** Whole numbers by way of floats, exact up to 2^53 (2^24 where there is no float64): a GPU multiplies no others. */
function multiplied(a: Handle, b: Handle, dtype: tf.DataType): Handle {
  if (dtype === 'float32') return call('aten::matmul', a, b);
  const wide = native().device.hasFloat64 ? 'float64' : 'float32';
  return scoped((use) => {
    const exact = use(call('aten::matmul', use(cast(a, wide)), use(cast(b, wide))));
    return cast(use(cast(exact, 'int64')), 'int32');
  });
}

const product: KernelFunction<tf.BatchMatMulAttrs & Fused> = (
  { a, b, bias, preluActivationWeights },
  { transposeA, transposeB, activation, leakyreluAlpha },
  backend,
) =>
  scoped((use) => {
    if (a!.shape.length < 2 || b!.shape.length < 2)
      throw new InputError(`matMul needs matrices, but the shapes are [${a!.shape}] and [${b!.shape}].`);
    const turned = (x: Handle, turn: boolean) => (turn ? use(call('aten::transpose.int', x, -2, -1)) : x);
    const left = turned(backend.handle(a!), transposeA);
    const right = turned(backend.handle(b!), transposeB);
    const batch = tf.backend_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    const shape = [...batch, a!.shape.at(transposeA ? -1 : -2)!, b!.shape.at(transposeB ? -2 : -1)!];
    const products = multiplied(left, right, a!.dtype);
    const sum = bias ? add(use(products), backend.handle(bias)) : products;
    const weights = preluActivationWeights && backend.handle(preluActivationWeights);
    return backend.output(activate(sum, activation, { alpha: leakyreluAlpha, weights }), shape, a!.dtype);
  });

export const matmul: TorchKernel[] = [kernel(tf.BatchMatMul, product), kernel(tf._FusedMatMul, product)];
