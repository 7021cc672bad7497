/** Products of matrices, in batches. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { type KernelFunction, kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { add, cast, inOrder, permute, scoped, type Use } from '../shims.ts';
import { activate } from './activation.ts';
import { isOneDnnFaster, linearProduct } from './linear-product.ts';

type Fused = Partial<Pick<tf._FusedMatMulAttrs, 'activation' | 'leakyreluAlpha'>>;

/** A view with the last two axes exchanged where that is asked for. */
function turned(x: tf.TensorInfo, turn: boolean, backend: TorchBackend, use: Use): Handle {
  const handle = inOrder(backend.operand(x, use), use); // of a view MKL rounds otherwise on some CPUs
  if (!turn) return handle;
  const axes = x.shape.map((_, axis) => axis);
  return use(permute(handle, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]));
}

const batchOf = ({ shape: a }: tf.TensorInfo, { shape: b }: tf.TensorInfo): number[] =>
  a.length === 2 && b.length === 2
    ? []
    : tf.backend_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2));

/** Whole numbers by way of floats, exact up to 2^53 (2^24 where there is no float64): a GPU multiplies no others. */
function multiplied(operator: string, a: Handle, b: Handle, dtype: tf.DataType): Handle {
  if (dtype === 'float32') return call(operator, a, b);
  const wide = native().device.hasFloat64 ? 'float64' : 'float32';
  return scoped((use) => {
    const exact = use(call(operator, use(cast(a, wide)), use(cast(b, wide))));
    return cast(use(cast(exact, 'int64')), 'int32');
  });
}

/** Multiply-adds of a product that MKL computes on one thread: to wake another costs more than it saves. */
const SMALL = 2 ** 20;

function onFewThreads(size: number, run: () => Handle): Handle {
  const { limitMkl } = native();
  if (!limitMkl || size > SMALL) return run();
  limitMkl(1);
  try {
    return run();
  } finally {
    limitMkl(0);
  }
}

/** Of two matrices that fit, in float32: others are the operator's to compute, or to refuse. */
const isPlain = ({ shape, dtype }: tf.TensorInfo, other: tf.TensorInfo, inner: readonly number[]): boolean =>
  shape.length === 2 &&
  other.shape.length === 2 &&
  dtype === 'float32' &&
  other.dtype === 'float32' &&
  inner[0] === inner[1];

const product: KernelFunction<tf.BatchMatMulAttrs & Fused> = (
  { a, b, bias, preluActivationWeights },
  { transposeA, transposeB, activation, leakyreluAlpha },
  backend,
) =>
  scoped((use) => {
    if (a!.shape.length < 2 || b!.shape.length < 2)
      throw new InputError(`matMul needs matrices, but the shapes are [${a!.shape}] and [${b!.shape}].`);
    const inner = [a!.shape.at(transposeA ? -2 : -1)!, b!.shape.at(transposeB ? -1 : -2)!];
    const shape = [
      ...batchOf(a!, b!),
      a!.shape.at(transposeA ? -1 : -2)!,
      b!.shape.at(transposeB ? -2 : -1)!,
    ];
    const size = tf.util.sizeFromShape(shape) * inner[0]!;
    const byOneDnn = isPlain(a!, b!, inner) && isOneDnnFaster(size, backend);
    const left = turned(a!, transposeA, backend, use);
    const right = turned(b!, byOneDnn ? !transposeB : transposeB, backend, use);
    const operator = shape.length === 2 ? 'aten::mm' : 'aten::matmul';
    const products = byOneDnn
      ? linearProduct(left, { weight: right })
      : onFewThreads(size, () => multiplied(operator, left, right, a!.dtype));
    const sum = bias ? add(use(products), backend.handle(bias)) : products;
    const weights = preluActivationWeights && backend.handle(preluActivationWeights);
    return backend.output(activate(sum, activation, { alpha: leakyreluAlpha, weights }), shape, a!.dtype);
  });

export const matmul: TorchKernel[] = [kernel(tf.BatchMatMul, product), kernel(tf._FusedMatMul, product)];
