/** Tensors from nothing: filled, one-hot, counted. */
import * as tf from '@tensorflow/tfjs-core';
import { call } from '../dispatch.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { cast, full, reshape, scoped } from '../shims.ts';
import { ints } from './spatial.ts';

/** In the order in memory that x has: an optimizer's sums with its variables then walk over all of them alike. */
const likes = (name: string, operator: string): TorchKernel =>
  kernel(name, ({ x }, _, backend) =>
    backend.output(call(operator, backend.handle(x!), null, null, null, null, null), x!.shape, x!.dtype),
  );

export const creation: TorchKernel[] = [
  likes(tf.ZerosLike, 'aten::zeros_like'),
  likes(tf.OnesLike, 'aten::ones_like'),
  kernel<tf.FillAttrs>(tf.Fill, (_, { shape, value, dtype }, backend) => {
    const type = dtype ?? tf.util.inferDtype(value);
    return backend.output(full(shape, value as number, type as 'float32'), shape, type);
  }),
  kernel<tf.OneHotAttrs>(tf.OneHot, ({ indices }, { depth, onValue, offValue, dtype }, backend) =>
    scoped((use) => {
      const type = dtype as 'float32';
      const classes = use(ints(Array.from({ length: depth }, (_, c) => c)));
      const column = use(reshape(backend.handle(indices!), [...indices!.shape, 1]));
      const hit = use(call('aten::eq.Tensor', column, classes));
      const values = use(
        call('aten::where.self', hit, use(full([], onValue, type)), use(full([], offValue, type))),
      );
      return backend.output(cast(values, type), [...indices!.shape, depth], type);
    }),
  ),
  kernel<tf.RangeAttrs>(tf.Range, (_, { start, stop, step, dtype }, backend) => {
    // tfjs counts down by itself where no other step was given.
    const by = stop < start && step === 1 ? -1 : step;
    const length = Math.max(0, Math.ceil((stop - start) / by) || 0); // from an infinity to itself: none
    const values = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
    for (let i = 0; i < length; i++) values[i] = start + i * by;
    return { dataId: backend.write(values, [length], dtype), shape: [length], dtype };
  }),
];
