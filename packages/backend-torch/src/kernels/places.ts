/** Values from and to places that a tensor names: gather, scatter, segment sums. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, optional } from '../dispatch.ts';
import type { Handle } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { native } from '../native.ts';
import { cast, full, reshape, scoped, slice, type Use } from '../shims.ts';
import { valuesOf } from '../transfer.ts';
import { checkPlaces } from './check-places.ts';
import { ints } from './spatial.ts';

/** Indices [..., d] of slices, as their numbers [n] where the slices lie one after another; `strides` in slices. */
function slicePlaces(
  indices: tf.TensorInfo,
  { depth, strides }: { depth: number; strides: number[] },
  backend: TorchBackend,
  use: Use,
): Handle {
  const rows = use(reshape(backend.handle(indices), [-1, depth]));
  const scaled = use(call('aten::mul.Tensor', rows, use(ints(strides.slice(0, depth)))));
  const dtype = optional(native().dtypes.int64);
  return use(call('aten::sum.dim_IntList', scaled, optional([1]), false, dtype));
}

/** Sums rows [n, size] into zeros [count, size] at their places [n]; on a GPU in an order that is the same each time. */
function sumInto(count: number, size: number, places: Handle, rows: Handle, dtype: tf.DataType): Handle {
  return scoped((use) => {
    const zeros = use(full([count, size], 0, dtype as 'float32'));
    if (native().device.isHost) {
      const each = use(call('aten::expand', use(reshape(places, [-1, 1])), [-1, size], false));
      return call('aten::scatter_add', zeros, 0, each, rows);
    }
    return call('aten::index_put', zeros, [optional(places)], rows, true);
  });
}

const sizeOf = tf.util.sizeFromShape;

export const places: TorchKernel[] = [
  kernel(tf.GatherNd, ({ params, indices }, _, backend) =>
    scoped((use) => {
      const [shape, , size, strides] = tf.backend_util.prepareAndValidate(
        params as tf.Tensor,
        indices as tf.Tensor,
      );
      const rows = use(reshape(backend.handle(params!), [-1, size]));
      const depth = indices!.shape.at(-1)!;
      const count = sizeOf(params!.shape) / size;
      checkPlaces(indices!, backend, { name: tf.GatherNd, count, strides: strides.slice(0, depth) });
      const at = slicePlaces(indices!, { depth, strides }, backend, use);
      const found = use(call('aten::index_select', rows, 0, at));
      return backend.output(reshape(found, shape), shape, params!.dtype);
    }),
  ),
  kernel<tf.ScatterNdAttrs>(tf.ScatterNd, ({ indices, updates }, { shape }, backend) =>
    scoped((use) => {
      const { sliceSize, strides } = tf.backend_util.calculateShapes(
        updates as tf.Tensor,
        indices as tf.Tensor,
        shape,
      );
      const rows = use(reshape(backend.handle(updates!), [-1, sliceSize]));
      const depth = indices!.shape.length > 1 ? indices!.shape.at(-1)! : 1;
      const count = sizeOf(shape) / sliceSize;
      checkPlaces(indices!, backend, { name: tf.ScatterNd, count, strides: strides.slice(0, depth) });
      const at = slicePlaces(indices!, { depth, strides }, backend, use);
      const isNegative = use(call('aten::lt.Tensor', backend.handle(indices!), use(full([], 0, 'int32'))));
      const any = use(call('aten::any', isNegative));
      if (native().device.isHost && valuesOf(any, 'bool')[0])
        throw new InputError(`scatterND needs indices of [0, ${shape}), but some are negative.`, { shape });
      const sums = use(sumInto(count, sliceSize, at, rows, updates!.dtype));
      return backend.output(reshape(sums, shape), shape, updates!.dtype);
    }),
  ),
  // A negative segment takes part in no sum: those rows go to one more, which is cut off.
  kernel<tf.UnsortedSegmentSumAttrs>(tf.UnsortedSegmentSum, ({ x, segmentIds }, { numSegments }, backend) =>
    scoped((use) => {
      const count = sizeOf(segmentIds!.shape);
      const size = sizeOf(x!.shape.slice(segmentIds!.shape.length));
      const least = Number.NEGATIVE_INFINITY;
      checkPlaces(segmentIds!, backend, { name: tf.UnsortedSegmentSum, count: numSegments + 1, least });
      const ids = use(cast(use(reshape(backend.handle(segmentIds!), [-1])), 'int64'));
      const isNone = use(call('aten::lt.Tensor', ids, use(ints([0]))));
      const at = use(call('aten::where.self', isNone, use(ints([numSegments])), ids));
      const sums = use(
        sumInto(numSegments + 1, size, at, use(reshape(backend.handle(x!), [count, size])), x!.dtype),
      );
      const shape = [numSegments, ...x!.shape.slice(segmentIds!.shape.length)];
      return backend.output(reshape(use(slice(sums, 0, 0, numSegments)), shape), shape, x!.dtype);
    }),
  ),
];
