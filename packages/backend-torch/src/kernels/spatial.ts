/**
 * What convolutions and pools share: places in pictures (NHWC) and volumes (NDHWC). Permuted, a channels-last tensor of
 * tfjs IS a channels_last tensor of libtorch, so turning it costs no copy.
 */
import { bytesOf, emptyHandle, type Handle, shapeOf } from '../handle.ts';
import { pad, permute, slice, type Use } from '../shims.ts';

/** [before, after] of each spatial axis. */
export type Padding = readonly (readonly [number, number])[];

const axes = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** [N, ..., C] as [N, C, ...]. */
export function channelsSecond(x: Handle, spatial: number): Handle {
  return permute(x, [0, spatial + 1, ...axes(spatial).map((i) => i + 1)]);
}
/** [N, C, ...] as [N, ..., C]. */
export function channelsLast(x: Handle, spatial: number): Handle {
  return permute(x, [0, ...axes(spatial).map((i) => i + 2), 1]);
}
/** [..., I, O] as [O, I, ...], and back. */
export function filterFirst(filter: Handle, spatial: number): Handle {
  return permute(filter, [spatial + 1, spatial, ...axes(spatial)]);
}
export function filterLast(filter: Handle, spatial: number): Handle {
  return permute(filter, [...axes(spatial).map((i) => i + 2), 1, 0]);
}

/** What libtorch can pad itself (equally on both sides, as much as `limits` allow), and what must be padded before. */
export function splitPadding(
  padding: Padding,
  limits: readonly number[] = padding.map(() => Number.POSITIVE_INFINITY),
): { inside: number[]; before: Padding } {
  const inside = padding.map(([start, end], i) => (start === end && start <= limits[i]! ? start : 0));
  return { inside, before: padding.map(([start, end], i) => [start - inside[i]!, end - inside[i]!]) };
}

const isZero = (padding: Padding): boolean => padding.every(([start, end]) => start === 0 && end === 0);

/** x, shape [N, ..., C], with more places around it; x itself where none are asked for. Negative ones cut. */
export function padPlaces(x: Handle, padding: Padding, use: Use, value = 0): Handle {
  return isZero(padding) ? x : use(pad(x, [[0, 0], ...padding, [0, 0]], value));
}

/** The inverse of {@link padPlaces}: a view. */
export function cutPlaces(x: Handle, padding: Padding, use: Use): Handle {
  if (isZero(padding)) return x;
  const shape = shapeOf(x);
  return padding.reduce((view, [start, end], i) => use(slice(view, i + 1, start, shape[i + 1]! - end)), x);
}

/** Places as int64, shape [n]: what libtorch wants as an index. */
export function ints(values: readonly number[]): Handle {
  const handle = emptyHandle([values.length], 'int64');
  new BigInt64Array(bytesOf(handle, 8 * values.length)).set(values.map(BigInt));
  return handle;
}

export function floats(values: readonly number[], shape: readonly number[] = [values.length]): Handle {
  const handle = emptyHandle(shape, 'float32');
  new Float32Array(bytesOf(handle, 4 * values.length)).set(values);
  return handle;
}
