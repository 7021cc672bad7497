/** Running sums and products, and the largest few. */
import * as tf from '@tensorflow/tfjs-core';
import { call, callMany, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { type KernelFunction, kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { cast, full, scoped, slice } from '../shims.ts';

/** `neutral` comes first in an exclusive scan. */
const running =
  (operator: string, neutral: number): KernelFunction<tf.CumsumAttrs> =>
  ({ x }, { axis, exclusive, reverse }, backend) =>
    scoped((use) => {
      const dtype = tf.upcastType(x!.dtype, 'int32') as 'float32';
      const length = x!.shape[axis]!;
      const from = reverse ? use(call('aten::flip', backend.handle(x!), [axis])) : backend.handle(x!);
      let whole = use(call(operator, from, axis, optional(native().dtypes[dtype])));
      if (exclusive && length > 0) {
        const first = x!.shape.map((n, i) => (i === axis ? 1 : n));
        const parts = [use(full(first, neutral, dtype)), use(slice(whole, axis, 0, length - 1))];
        whole = use(call('aten::cat', parts, axis));
      }
      return backend.output(
        call(reverse ? 'aten::flip' : 'aten::alias', ...(reverse ? [whole, [axis]] : [whole])),
        x!.shape,
        dtype,
      );
    });

export const scan: TorchKernel[] = [
  kernel(tf.Cumsum, running('aten::cumsum', 0)),
  kernel(tf.Cumprod, running('aten::cumprod', 1)),
  // A stable sort: of equals, the first comes first, as tfjs wants it.
  kernel<tf.TopKAttrs>(tf.TopK, ({ x }, { k }, backend) =>
    scoped((use, own) => {
      const shape = [...x!.shape.slice(0, -1), k];
      const [values, order] = callMany(
        'aten::sort.stable',
        [backend.handle(x!), optional(true), -1, true],
        2,
      ).map(use);
      const first = (all: Handle) => use(slice(all, shape.length - 1, 0, k));
      const indices = own(cast(first(order!), 'int32'));
      return [
        backend.output(call('aten::contiguous', first(values!), 0), shape, x!.dtype),
        backend.output(indices, shape, 'int32'),
      ];
    }),
  ),
];
