/**
 * Rows of a stored array as they are wanted: packed, in C order. What lies so is read in one piece. Anything else (Fortran
 * order, transposed and sliced views of PyTorch) is gathered from the pieces it lies in, so that never much more than the
 * rows is in memory.
 */
import { type ArrayData, toFloat32, typedArray } from './element-type.ts';
import type { Source } from './source.ts';
import { elements, extentOf, rowMajor, type StoredArray } from './stored-array.ts';

/** A piece that is read whole, though not all of it is wanted: 16 MiB, or four times what is. */
const PIECE = 2 ** 24;
const WASTE = 4;

/** @returns elements of rows [start, end) of an array of numbers with at least one axis, packed */
export async function readRows(array: StoredArray, start: number, end: number): Promise<ArrayData> {
  const { strides = rowMajor(array.shape), type, offset, source } = array;
  const shape = [end - start, ...array.shape.slice(1)];
  const from = offset + start * strides[0]! * type!.bytes;
  return typedArray(await packed(source, { from, shape, strides, size: type!.bytes }), type!);
}

/** All of it, whatever its axes. */
export async function readWhole(array: StoredArray): Promise<ArrayData> {
  const { shape, strides = rowMajor(shape), type, offset: from, source } = array;
  return typedArray(await packed(source, { from, shape, strides, size: type!.bytes }), type!);
}

/** @returns features [end - start, dim] */
export const readFloats = async (array: StoredArray, start: number, end: number): Promise<Float32Array> =>
  toFloat32(await readRows(array, start, end), array.type!.name);

interface Place {
  /** Of the first element, in bytes. */
  readonly from: number;
  readonly shape: readonly number[];
  /** In elements. */
  readonly strides: readonly number[];
  /** Bytes of an element. */
  readonly size: number;
}

async function packed(source: Source, place: Place): Promise<Uint8Array<ArrayBuffer>> {
  const { from, shape, strides, size } = place;
  const count = elements(shape);
  const packedStrides = rowMajor(shape);
  if (shape.every((length, axis) => length < 2 || strides[axis] === packedStrides[axis]))
    return source.read(from, count * size);
  const bytes = new Uint8Array(count * size);
  await gather(source, place, { bytes, at: 0, strides: packedStrides });
  return bytes;
}

interface Target {
  readonly bytes: Uint8Array;
  /** Of the first element, in elements. */
  readonly at: number;
  readonly strides: readonly number[];
}

/** In one piece where little of it is waste, else one position of the axis with the longest steps after another. */
async function gather(source: Source, place: Place, target: Target): Promise<void> {
  const { from, shape, strides, size } = place;
  const extent = extentOf(shape, strides) * size;
  if (extent === 0) return;
  if (extent <= Math.max(PIECE, WASTE * elements(shape) * size)) {
    const bytes = await source.read(from, extent);
    scatter(bytes, { ...place, from: 0 }, target);
    return;
  }
  const axis = strides.reduce(
    (longest, stride, i) => (shape[i]! > 1 && !(stride <= (strides[longest] ?? 0)) ? i : longest),
    -1,
  );
  for (let i = 0; i < shape[axis]!; i++)
    await gather(
      source,
      { from: from + i * strides[axis]! * size, shape: shape.with(axis, 1), strides, size },
      { ...target, at: target.at + i * target.strides[axis]! },
    );
}

/** From where the elements lie in `bytes` to their places. */
function scatter(
  bytes: Uint8Array,
  { from, shape, strides, size }: Place,
  { bytes: to, at, strides: steps }: Target,
): void {
  const last = shape.length - 1;
  const line = (source: number, target: number): void => {
    for (let i = 0; i < shape[last]!; i++) {
      const [a, b] = [source + i * strides[last]! * size, (target + i * steps[last]!) * size];
      for (let k = 0; k < size; k++) to[b + k] = bytes[a + k]!;
    }
  };
  const walk = (axis: number, source: number, target: number): void => {
    if (axis === last) line(source, target);
    else
      for (let i = 0; i < shape[axis]!; i++)
        walk(axis + 1, source + i * strides[axis]! * size, target + i * steps[axis]!);
  };
  walk(0, from, at);
}
