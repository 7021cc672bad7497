/** Moving values about: views where libtorch can give one, else one copy. */
import { InputError } from '@longtail/core';
import { StridedSliceGrad, type StridedSliceGradAttributes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { call } from '../dispatch.ts';
import { viaCpu } from '../fallback.ts';
import { type Handle, shapeOf } from '../handle.ts';
import { kernel, same, type TorchKernel } from '../kernel.ts';
import { heldIn } from '../scalar.ts';
import { cast, full, pad, permute, reshape, scoped, slice, type Use } from '../shims.ts';
import { checkPlaces } from './check-places.ts';

/** A view of the places begin, begin + stride, ... before end of each axis. */
function strided(
  x: Handle,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[],
  use: Use,
): Handle {
  if (begin.length === 0) return call('aten::alias', x);
  const last = begin.length - 1;
  return begin.reduce((view, start, axis) => {
    const next = slice(view, axis, start, end[axis]!, strides[axis]!);
    return axis === last ? next : use(next);
  }, x);
}

/** @param indices read only when libtorch refuses one, to name it */
function selected(x: Handle, axis: number, flat: Handle, indices: () => Int32Array): Handle {
  try {
    return call('aten::index_select', x, axis, flat);
  } catch (error) {
    const last = shapeOf(x)[axis]! - 1;
    const wrong = indices().find((index) => index < 0 || index > last);
    if (wrong === undefined) throw error;
    throw new InputError(`GatherV2: the index value ${wrong} is not in [0, ${last}]`, { axis, index: wrong });
  }
}

export const shape: TorchKernel[] = [
  kernel(tf.Identity, ({ x }, _, backend) => same(x!, backend)),
  kernel<tf.ReshapeAttrs>(tf.Reshape, ({ x }, attributes, backend) => {
    const to = tf.util.inferFromImplicitShape(attributes.shape, tf.util.sizeFromShape(x!.shape));
    if (tf.util.arraysEqual(to, x!.shape)) return same(x!, backend);
    return backend.output(reshape(backend.handle(x!), to), to, x!.dtype, x!);
  }),
  kernel<tf.ExpandDimsAttrs>(tf.ExpandDims, ({ input }, { dim }, backend) => {
    const to = input!.shape.slice();
    if (dim < -(to.length + 1))
      throw new InputError(
        `expandDims needs an axis of [-${to.length + 1}, ${to.length}], but it is ${dim}.`,
      );
    to.splice(dim < 0 ? to.length + dim + 1 : dim, 0, 1);
    return backend.output(reshape(backend.handle(input!), to), to, input!.dtype, input!);
  }),
  kernel<tf.TransposeAttrs>(tf.Transpose, ({ x }, { perm }, backend) => {
    const to = perm.map((axis) => x!.shape[axis]!);
    return backend.output(permute(backend.handle(x!), perm), to, x!.dtype, x!);
  }),
  kernel<tf.SliceAttrs>(tf.Slice, ({ x }, { begin, size }, backend) =>
    scoped((use) => {
      const [from, to] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size) as [number[], number[]];
      tf.slice_util.assertParamsValid(x as tf.Tensor, from, to);
      const end = from.map((start, axis) => start + to[axis]!);
      const view = strided(
        backend.handle(x!),
        from,
        end,
        from.map(() => 1),
        use,
      );
      return backend.output(view, to, x!.dtype, x!);
    }),
  ),
  kernel<tf.StridedSliceAttrs>(tf.StridedSlice, ({ x }, a, backend) =>
    scoped((use) => {
      const info = tf.slice_util.sliceInfo(
        x!.shape,
        a.begin,
        a.end,
        a.strides,
        a.beginMask,
        a.endMask,
        a.ellipsisMask,
        a.newAxisMask,
        a.shrinkAxisMask,
      );
      // libtorch has no negative steps: such an axis is turned round first.
      const turned = info.strides.flatMap((step, axis) => (step < 0 ? [axis] : []));
      const from = turned.length ? use(call('aten::flip', backend.handle(x!), turned)) : backend.handle(x!);
      const at = (axis: number, place: number) =>
        info.strides[axis]! < 0 ? x!.shape[axis]! - 1 - place : place;
      const begin = info.begin.map((place, axis) => at(axis, place));
      const end = info.end.map((place, axis) => Math.max(begin[axis]!, at(axis, place)));
      const view = use(strided(from, begin, end, info.strides.map(Math.abs), use));
      return backend.output(reshape(view, info.finalShape), info.finalShape, x!.dtype, x!);
    }),
  ),
  kernel<StridedSliceGradAttributes>(
    StridedSliceGrad.name,
    ({ dy }, { shape: to, begin, strides }, backend) =>
      scoped((use, own) => {
        const dx = own(full(to, 0, 'float32'));
        const end = begin.map((start, axis) => start + (dy!.shape[axis]! - 1) * strides[axis]! + 1);
        const places = use(strided(dx, begin, end, strides, use));
        use(call('aten::copy_', places, backend.handle(dy!), false));
        return backend.output(dx, [...to], dy!.dtype);
      }),
  ),
  kernel<tf.PadV2Attrs>(tf.PadV2, ({ x }, { paddings, constantValue }, backend) => {
    const to = x!.shape.map((d, axis) => d + paddings[axis]![0] + paddings[axis]![1]);
    const value = heldIn(x!.dtype as 'float32', constantValue);
    return backend.output(pad(backend.handle(x!), paddings, value), to, x!.dtype);
  }),
  kernel<tf.ConcatAttrs>(tf.Concat, (inputs, { axis }, backend) => {
    const all = Object.values(inputs);
    const [at] = tf.util.parseAxisParam(axis, all[0]!.shape);
    const to = tf.backend_util.computeOutShape(
      all.map((x) => x.shape),
      at!,
    );
    return backend.output(
      scoped((use) => {
        const parts = all.map((x) =>
          x.dtype === all[0]!.dtype
            ? backend.handle(x)
            : use(cast(backend.handle(x), all[0]!.dtype as 'float32')),
        );
        return call('aten::cat', parts, at!);
      }),
      to,
      all[0]!.dtype,
    );
  }),
  kernel<tf.PackAttrs>(tf.Pack, (inputs, { axis }, backend) => {
    const all = Object.values(inputs);
    const odd = all.find(({ dtype }) => dtype !== all[0]!.dtype);
    if (odd)
      throw new InputError(`stack needs tensors of one type, but got ${all[0]!.dtype} and ${odd.dtype}.`);
    const to = all[0]!.shape.slice();
    to.splice(axis < 0 ? to.length + axis + 1 : axis, 0, all.length);
    return backend.output(
      call(
        'aten::stack',
        all.map((x) => backend.handle(x)),
        axis,
      ),
      to,
      all[0]!.dtype,
    );
  }),
  kernel<tf.UnpackAttrs>(tf.Unpack, ({ value }, { axis }, backend) => {
    const [at] = tf.util.parseAxisParam(axis, value!.shape);
    const to = value!.shape.filter((_, i) => i !== at);
    return Array.from({ length: value!.shape[at!]! }, (_, i) =>
      backend.output(call('aten::select.int', backend.handle(value!), at!, i), to, value!.dtype, value!),
    );
  }),
  kernel<tf.SplitVAttrs>(tf.SplitV, ({ x }, { numOrSizeSplits, axis }, backend) => {
    const [at] = tf.util.parseAxisParam(axis, x!.shape);
    const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, at);
    let start = 0;
    return sizes.map((size) => {
      const to = x!.shape.map((d, i) => (i === at ? size : d));
      const view = slice(backend.handle(x!), at!, start, start + size);
      start += size;
      return backend.output(view, to, x!.dtype, x!);
    });
  }),
  kernel<tf.TileAttrs>(tf.Tile, ({ x }, { reps }, backend) => {
    const shape = x!.shape.map((n, axis) => n * reps[axis]!);
    // Where only single places are repeated, a view shows them as often as wanted.
    const isBroadcast = x!.shape.every((n, axis) => n === 1 || reps[axis] === 1);
    return isBroadcast
      ? backend.output(call('aten::expand', backend.handle(x!), shape, false), shape, x!.dtype, x!)
      : backend.output(call('aten::repeat', backend.handle(x!), reps), shape, x!.dtype);
  }),
  kernel<tf.GatherV2Attrs>(tf.GatherV2, (inputs, attributes, backend) =>
    scoped((use) => {
      const { x, indices } = inputs;
      if (attributes.batchDims) return viaCpu(tf.GatherV2)(inputs, attributes, backend);
      const { axis } = attributes;
      const [at] = tf.util.parseAxisParam(axis, x!.shape);
      checkPlaces(indices!, backend, { name: tf.GatherV2, count: x!.shape[at!]! });
      const flat = use(reshape(backend.handle(indices!), [-1]));
      const to = [...x!.shape.slice(0, at), ...indices!.shape, ...x!.shape.slice(at! + 1)];
      const rows = use(
        selected(backend.handle(x!), at!, flat, () => backend.readSync(indices!.dataId) as Int32Array),
      );
      return backend.output(reshape(rows, to), to, x!.dtype);
    }),
  ),
  kernel<tf.ReverseAttrs>(tf.Reverse, ({ x }, { dims }, backend) =>
    backend.output(
      call('aten::flip', backend.handle(x!), tf.util.parseAxisParam(dims, x!.shape)),
      x!.shape,
      x!.dtype,
    ),
  ),
];
