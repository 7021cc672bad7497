/** Running sums and products. */
import * as tf from '@tensorflow/tfjs-core';
import { call, optional } from '../dispatch.ts';
import { type KernelFunction, kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { full, scoped, slice } from '../shims.ts';

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
];
