/** Reductions over axes, softmax, and the matrix product. */
import * as tf from '@tensorflow/tfjs-core';
import { call, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { scoped } from '../shims.ts';

function withoutAxes(shape: number[], axes: number[], keepDims: boolean): number[] {
  return keepDims
    ? shape.map((d, i) => (axes.includes(i) ? 1 : d))
    : shape.filter((_, i) => !axes.includes(i));
}

type Reduce = (x: Handle, axes: number[], keepDims: boolean, dtype: number) => Handle;

const REDUCE: Record<string, Reduce> = {
  [tf.Sum]: (x, axes, keepDims, dtype) =>
    call('aten::sum.dim_IntList', x, optional(axes), keepDims, optional(dtype)),
  [tf.Mean]: (x, axes, keepDims) =>
    call('aten::mean.dim', x, optional(axes), keepDims, optional(native().dtypes.float32)),
  [tf.Max]: (x, axes, keepDims) => call('aten::amax', x, axes, keepDims),
  [tf.Min]: (x, axes, keepDims) => call('aten::amin', x, axes, keepDims),
};

interface ReduceAttributes {
  readonly axis?: number | number[];
  /** What tfjs calls the axes of Max. */
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

const arg = (name: string, operator: string): TorchKernel =>
  kernel<{ axis: number }>(name, ({ x }, { axis }, backend) =>
    scoped((use) => {
      const [at] = tf.util.parseAxisParam(axis, x!.shape);
      const place = use(call(operator, backend.handle(x!), optional(at!), false));
      const narrow = call('aten::to.dtype', place, native().dtypes.int32, false, false, null);
      return backend.output(narrow, withoutAxes(x!.shape, [at!], false), 'int32');
    }),
  );

export const reduce: TorchKernel[] = [
  ...Object.entries(REDUCE).map(([name, run]) =>
    kernel<ReduceAttributes>(name, ({ x }, { axis, reductionIndices, keepDims = false }, backend) => {
      const axes = tf.util.parseAxisParam((axis ?? reductionIndices)!, x!.shape);
      const dtype =
        name === tf.Mean ? 'float32' : x!.dtype === 'bool' && name === tf.Sum ? 'int32' : x!.dtype;
      const handle = run(backend.handle(x!), axes, keepDims, native().dtypes[dtype as 'float32']);
      return backend.output(handle, withoutAxes(x!.shape, axes, keepDims), dtype);
    }),
  ),
  arg(tf.ArgMax, 'aten::argmax'),
  arg(tf.ArgMin, 'aten::argmin'),
  kernel<tf.SoftmaxAttrs>(tf.Softmax, ({ logits }, { dim }, backend) =>
    backend.output(call('aten::_softmax', backend.handle(logits!), dim, false), logits!.shape, logits!.dtype),
  ),
  kernel<tf.LogSoftmaxAttrs>(tf.LogSoftmax, ({ logits }, { axis }, backend) =>
    backend.output(
      call('aten::_log_softmax', backend.handle(logits!), axis, false),
      logits!.shape,
      logits!.dtype,
    ),
  ),
  kernel<tf.BatchMatMulAttrs>(tf.BatchMatMul, ({ a, b }, { transposeA, transposeB }, backend) =>
    scoped((use) => {
      const turned = (x: Handle, turn: boolean) => (turn ? use(call('aten::transpose.int', x, -2, -1)) : x);
      const left = turned(backend.handle(a!), transposeA);
      const right = turned(backend.handle(b!), transposeB);
      const batch = tf.backend_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
      const shape = [...batch, a!.shape.at(transposeA ? -1 : -2)!, b!.shape.at(transposeB ? -2 : -1)!];
      return backend.output(call('aten::matmul', left, right), shape, a!.dtype);
    }),
  ),
];
