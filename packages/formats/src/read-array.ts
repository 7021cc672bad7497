/**
 * Rows of a stored array as they are wanted: packed, in C order. What lies so is read in one piece. Anything else (Fortran
 * order, transposed and sliced views of PyTorch) is gathered from the pieces it lies in, so that a piece more than the
 * rows is in memory, and no more.
 */
import { type ArrayData, toFloat32, typedArray } from './element-type.ts';
import type { Source } from './source.ts';
import { elements, extentOf, rowMajor, type StoredArray } from './stored-array.ts';

/** Of a piece that is read whole, though not all of it is wanted, in bytes. */
const PIECE = 2 ** 24;
/** What is read along rather than begun anew behind it. */
const GAP = 2 ** 16;

/** @returns elements of rows [start, end) of an array of numbers with at least one axis, packed */
export async function readRows(array: StoredArray, start: number, end: number): Promise<ArrayData> {
  const { strides = rowMajor(array.shape), type, offset, source } = array;
  const shape = [end - start, ...array.shape.slice(1)];
  const from = offset + start * strides[0]! * type!.bytes;
  return typedArray(await packed(source, { from, shape, strides, size: type!.bytes }), type!);
}

/** The element of an array without axes: [1]. */
export const readNumber = async ({ source, offset, type }: StoredArray): Promise<ArrayData> =>
  typedArray(await source.read(offset, type!.bytes), type!);

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
  if (count === 0) return new Uint8Array(0);
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

/** In one piece where that is small, else along the axis with the longest steps, as many of them as make one. */
async function gather(source: Source, place: Place, target: Target): Promise<void> {
  const { from, shape, strides, size } = place;
  const extent = extentOf(shape, strides) * size;
  if (extent === 0) return;
  if (extent <= PIECE) return scatter(await source.read(from, extent), place, target);
  const axis = strides.reduce(
    (longest, stride, i) => (shape[i]! > 1 && stride > (strides[longest] ?? 0) ? i : longest),
    -1,
  );
  const [length, step] = [shape[axis]!, strides[axis]! * size];
  const rest = extentOf(shape.with(axis, 1), strides) * size;
  const along = step < GAP ? Math.max(1, 1 + Math.floor((PIECE - rest) / step)) : 1;
  for (let i = 0; i < length; i += along)
    await gather(
      source,
      { from: from + i * step, shape: shape.with(axis, Math.min(along, length - i)), strides, size },
      { ...target, at: target.at + i * target.strides[axis]! },
    );
}

const WORDS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const;
type Words = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** From where the elements lie in `bytes`, which start at the first, to their places. */
function scatter(bytes: Uint8Array, { shape, strides, size }: Place, target: Target): void {
  const OfSize = WORDS[size as keyof typeof WORDS];
  const from: Words = new OfSize(bytes.buffer as ArrayBuffer);
  const to: Words = new OfSize(target.bytes.buffer as ArrayBuffer);
  const last = shape.length - 1;
  const walk = (axis: number, source: number, place: number): void => {
    const [length, step, stride] = [shape[axis]!, strides[axis]!, target.strides[axis]!];
    for (let i = 0; i < length; i++)
      if (axis === last) to[place + i * stride] = from[source + i * step]!;
      else walk(axis + 1, source + i * step, place + i * stride);
  };
  walk(0, 0, target.at);
}
