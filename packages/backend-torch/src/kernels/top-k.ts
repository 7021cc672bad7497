/** The k largest values of each row, of equals the first, as tfjs wants them. */
import * as tf from '@tensorflow/tfjs-core';
import { call, callMany, callTruth, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { cast, scoped, slice, type Use } from '../shims.ts';

/** Values of a row from which on it is not sorted whole. */
const LONG = 256;

type Ordered = readonly [values: Handle, places: Handle];

const sorted = (x: Handle, use: Use): Ordered =>
  callMany('aten::sort.stable', [x, optional(true), -1, true], 2).map(use) as [Handle, Handle];

/** How many more values than k are selected, so that those equal to the k-th are all among them: of none, and of rows that come twice. */
const MORE: readonly number[] = [1, 64];

/** By libtorch's own selection, whose choice and order among equals is any; undefined where more are equal to the k-th. */
function selected(
  x: Handle,
  { k, more, axis }: { k: number; more: number; axis: number },
  use: Use,
): Ordered | undefined {
  const [values, places] = callMany('aten::topk', [x, k + more, axis, true, true], 2).map(use) as [
    Handle,
    Handle,
  ];
  const [last, next] = [k - 1, k + more - 1].map((at) => use(slice(values, axis, at, at + 1))) as [
    Handle,
    Handle,
  ];
  const isAlone = use(call('aten::all', use(call('aten::gt.Tensor', last, next))));
  if (!callTruth('aten::is_nonzero', isAlone)) return undefined;
  const gathered = (from: Handle, at: Handle) => use(call('aten::gather', from, axis, at, false));
  const known = use(slice(places, axis, 0, k + more - 1));
  const [rising] = callMany('aten::sort', [known, axis, false], 2).map(use);
  const [falling, order] = sorted(gathered(x, rising!), use);
  return [falling, gathered(rising!, order)];
}

export const topK: TorchKernel[] = [
  kernel<tf.TopKAttrs>(tf.TopK, ({ x }, { k }, backend) =>
    scoped((use, own) => {
      const [length, shape] = [x!.shape.at(-1)!, [...x!.shape.slice(0, -1), k]];
      const axis = shape.length - 1;
      const given = backend.handle(x!);
      const isLong = length >= LONG && k > 0 && x!.dtype !== 'bool';
      let found: Ordered | undefined;
      for (const more of MORE)
        if (isLong && k + more <= length) found ??= selected(given, { k, more, axis }, use);
      const [values, order] = found ?? sorted(given, use);
      const first = (all: Handle) => use(slice(all, axis, 0, k));
      const places = own(cast(first(order), 'int32'));
      return [
        backend.output(call('aten::contiguous', first(values), 0), shape, x!.dtype),
        backend.output(places, shape, 'int32'),
      ];
    }),
  ),
];
