/** Blocks of space to channels or to the batch, and back; mirrored edges. Reshaped, permuted, reshaped: one copy. */
import * as tf from '@tensorflow/tfjs-core';
import { call } from '../dispatch.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { pad, permute, reshape, scoped, slice } from '../shims.ts';
import { ints } from './spatial.ts';

/** Places along an axis of n, with `before` and `after` more that mirror it; `skip` 1 leaves the edge out. */
function mirrored(n: number, [before, after]: readonly [number, number], skip: 0 | 1): number[] {
  return Array.from({ length: before + n + after }, (_, i) => {
    const at = i - before;
    if (at < 0) return -at - 1 + skip;
    return at < n ? at : 2 * n - 1 - at - skip;
  });
}

export const blocks: TorchKernel[] = [
  kernel<tf.SpaceToBatchNDAttrs>(tf.SpaceToBatchND, ({ x }, { blockShape, paddings }, backend) =>
    scoped((use) => {
      const size = blockShape.reduce((a, b) => a * b, 1);
      const all = [[0, 0], ...paddings, ...x!.shape.slice(1 + blockShape.length).map(() => [0, 0])] as [
        number,
        number,
      ][];
      const padded = x!.shape.map((n, i) => n + all[i]![0] + all[i]![1]);
      const apart = tf.backend_util.getReshaped(padded, blockShape, size, false);
      const order = tf.backend_util.getPermuted(apart.length, blockShape.length, false);
      const shape = tf.backend_util.getReshapedPermuted(padded, blockShape, size, false);
      const whole = use(pad(backend.handle(x!), all));
      return backend.output(
        reshape(use(permute(use(reshape(whole, apart)), order)), shape),
        shape,
        x!.dtype,
        x!,
      );
    }),
  ),
  kernel<tf.BatchToSpaceNDAttrs>(tf.BatchToSpaceND, ({ x }, { blockShape, crops }, backend) =>
    scoped((use) => {
      const size = blockShape.reduce((a, b) => a * b, 1);
      const apart = tf.backend_util.getReshaped(x!.shape, blockShape, size);
      const order = tf.backend_util.getPermuted(apart.length, blockShape.length);
      const shape = tf.backend_util.getReshapedPermuted(x!.shape, blockShape, size);
      const start = tf.backend_util.getSliceBeginCoords(crops, blockShape.length);
      const kept = tf.backend_util.getSliceSize(shape, crops, blockShape.length);
      const to = [...kept, ...shape.slice(kept.length)];
      const whole = use(reshape(use(permute(use(reshape(backend.handle(x!), apart)), order)), shape));
      const cut = to.reduce(
        (view, n, axis) => use(slice(view, axis, start[axis] ?? 0, (start[axis] ?? 0) + n)),
        whole,
      );
      return backend.output(call('aten::contiguous', cut, 0), to, x!.dtype, x!);
    }),
  ),
  kernel<tf.DepthToSpaceAttrs>(tf.DepthToSpace, ({ x }, { blockSize: b, dataFormat }, backend) =>
    scoped((use) => {
      const isLast = dataFormat === 'NHWC';
      const [n, h, w, c] = (isLast ? x!.shape : [0, 2, 3, 1].map((axis) => x!.shape[axis]!)) as [
        number,
        number,
        number,
        number,
      ];
      const depth = c / (b * b);
      const apart = isLast ? [n, h, w, b, b, depth] : [n, b, b, depth, h, w];
      const order = isLast ? [0, 1, 3, 2, 4, 5] : [0, 3, 4, 1, 5, 2];
      const shape = isLast ? [n, h * b, w * b, depth] : [n, depth, h * b, w * b];
      return backend.output(
        reshape(use(permute(use(reshape(backend.handle(x!), apart)), order)), shape),
        shape,
        x!.dtype,
        x!,
      );
    }),
  ),
  kernel<tf.MirrorPadAttrs>(tf.MirrorPad, ({ x }, { paddings, mode }, backend) =>
    scoped((use) => {
      const shape = x!.shape.map((n, axis) => n + paddings[axis]![0] + paddings[axis]![1]);
      const padded = x!.shape.reduce((view, n, axis) => {
        const [before, after] = paddings[axis]!;
        if (before + after === 0) return view;
        return use(
          call(
            'aten::index_select',
            view,
            axis,
            use(ints(mirrored(n, [before, after], mode === 'reflect' ? 1 : 0))),
          ),
        );
      }, backend.handle(x!));
      return backend.output(call('aten::alias', padded), shape, x!.dtype, x!);
    }),
  ),
  kernel(tf.FlipLeftRight, ({ image }, _, backend) =>
    backend.output(call('aten::flip', backend.handle(image!), [2]), image!.shape, image!.dtype),
  ),
];
