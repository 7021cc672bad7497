/** Pictures in another size. libtorch knows both modern meanings; tfjs's default, an older one, is two interpolations. */
import * as tf from '@tensorflow/tfjs-core';
import { call } from '../dispatch.ts';
import { viaCpu } from '../fallback.ts';
import { type Handle, shapeOf } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { cast, full, reshape, scoped, type Use } from '../shims.ts';
import { channelsLast, channelsSecond, floats, ints } from './spatial.ts';

/** Between the two neighbours of place at * from / to along an axis. */
function interpolate(x: Handle, axis: number, from: number, to: number, use: Use): Handle {
  const at = Array.from({ length: to }, (_, i) => (i * from) / to);
  const neighbour = (step: number) =>
    use(
      call(
        'aten::index_select',
        x,
        axis,
        use(ints(at.map((place) => Math.min(Math.floor(place) + step, from - 1)))),
      ),
    );
  const shares = use(
    floats(
      at.map((place) => place - Math.floor(place)),
      axis === 1 ? [to, 1, 1] : [to, 1],
    ),
  );
  return use(call('aten::lerp.Tensor', neighbour(0), neighbour(1), shares));
}

/** Which place of an axis each new one is a copy of. */
function nearest(
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: tf.ResizeNearestNeighborAttrs,
): number[] {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const at = (i: number) => scale * (halfPixelCenters ? i + 0.5 : i);
  return Array.from({ length: to }, (_, i) =>
    Math.min(from - 1, alignCorners ? Math.round(at(i)) : Math.floor(at(i))),
  );
}

/** Sums what goes back to each place of an axis of `size`. */
function summed(dy: Handle, axis: number, size: number, places: number[], use: Use): Handle {
  const shape = shapeOf(dy);
  const line = use(
    reshape(
      use(ints(places)),
      shape.map((_, i) => (i === axis ? -1 : 1)),
    ),
  );
  const zeros = use(full(shape.with(axis, size), 0, 'float32'));
  return use(call('aten::scatter_add', zeros, axis, use(call('aten::expand', line, shape, false)), dy));
}

export const resize: TorchKernel[] = [
  kernel<tf.ResizeBilinearAttrs>(tf.ResizeBilinear, ({ images }, attributes, backend) =>
    scoped((use) => {
      const { size, alignCorners, halfPixelCenters } = attributes;
      const [n, h, w, c] = images!.shape as [number, number, number, number];
      const shape = [n, ...size, c];
      if (alignCorners && halfPixelCenters)
        return viaCpu(tf.ResizeBilinear)({ images: images! }, attributes, backend);
      const x = use(cast(backend.handle(images!), 'float32'));
      if (!alignCorners && !halfPixelCenters) {
        const rows = interpolate(x, 1, h, size[0], use);
        return backend.output(call('aten::alias', interpolate(rows, 2, w, size[1], use)), shape, 'float32');
      }
      const y = use(
        call('aten::upsample_bilinear2d', use(channelsSecond(x, 2)), size, alignCorners, null, null),
      );
      return backend.output(channelsLast(y, 2), shape, 'float32');
    }),
  ),
  kernel<tf.ResizeBilinearGradAttrs>(tf.ResizeBilinearGrad, (inputs, attributes, backend) =>
    scoped((use) => {
      const { dy, images } = inputs;
      // tfjs passes no halfPixelCenters to the gradient.
      if (!attributes.alignCorners) {
        // The cpu kernel has the values, but calls height and width by one another's name.
        const turned = viaCpu(tf.ResizeBilinearGrad)(inputs, attributes, backend) as tf.TensorInfo;
        const dx = reshape(backend.handle(turned), images!.shape);
        backend.disposeData(turned.dataId);
        return backend.output(dx, images!.shape, 'float32');
      }
      const [n, h, w, c] = images!.shape as [number, number, number, number];
      const slope = use(channelsSecond(backend.handle(dy!), 2));
      const size = dy!.shape.slice(1, 3);
      const dx = use(call('aten::upsample_bilinear2d_backward', slope, size, [n, c, h, w], true, null, null));
      return backend.output(channelsLast(dx, 2), images!.shape, 'float32');
    }),
  ),
  kernel<tf.ResizeNearestNeighborAttrs>(tf.ResizeNearestNeighbor, ({ images }, attributes, backend) =>
    scoped((use) => {
      const { size, alignCorners, halfPixelCenters } = attributes;
      if (alignCorners) return viaCpu(tf.ResizeNearestNeighbor)({ images: images! }, attributes, backend);
      const [n, , , c] = images!.shape;
      const x = use(channelsSecond(use(cast(backend.handle(images!), 'float32')), 2));
      const name = halfPixelCenters ? 'aten::_upsample_nearest_exact2d' : 'aten::upsample_nearest2d';
      const y = use(channelsLast(use(call(name, x, size, null, null)), 2));
      return backend.output(cast(y, images!.dtype as 'float32'), [n!, ...size, c!], images!.dtype);
    }),
  ),
  // The cpu kernel never ends where a single place is aligned.
  kernel<tf.ResizeNearestNeighborGradAttrs>(
    tf.ResizeNearestNeighborGrad,
    ({ dy, images }, attributes, backend) =>
      scoped((use) => {
        const [, h, w] = images!.shape as [number, number, number, number];
        const [, rows, columns] = dy!.shape as [number, number, number, number];
        const tall = summed(backend.handle(dy!), 1, h, nearest(h, rows, attributes), use);
        const dx = summed(tall, 2, w, nearest(w, columns, attributes), use);
        return backend.output(call('aten::alias', dx), images!.shape, 'float32');
      }),
  ),
];
