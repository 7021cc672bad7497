/** An array in memory, as readers give it and writers take it. */
import { InputError } from '@longtail/core';
import { type ArrayData, type Dtype, TYPED_ARRAYS, toFloat32 } from './element-type.ts';

export interface NamedArray {
  /** Default: what the typed array says; float16, bfloat16 (bits in a Uint16Array) and bool (in a Uint8Array) must be named. */
  readonly dtype?: Dtype;
  readonly shape: readonly number[];
  /** In C order; as many as the shape has. */
  readonly data: ArrayData;
}
export type NamedArrays = ReadonlyMap<string, NamedArray>;

/** The same with its type. @throws InputError when the data is of another type, or not as long as the shape says */
export function withDtype(array: NamedArray, name: string): Required<NamedArray> {
  const { shape, data } = array;
  const dtype = array.dtype ?? dtypeOf(data);
  const expected = dtype && TYPED_ARRAYS[dtype];
  if (!expected || !(data instanceof expected))
    throw new InputError(
      `expected a typed array of ${array.dtype ?? 'numbers'} in ${name}, but got ${Object.prototype.toString.call(data).slice(8, -1)}.`,
      { name, dtype: array.dtype },
    );
  const count = Array.isArray(shape) ? shape.reduce((n, d) => n * d, 1) : Number.NaN;
  if (count === data.length) return { dtype, shape, data };
  throw new InputError(
    `expected ${count} elements for the shape [${shape}] of ${name}, but got ${data.length}.`,
    {
      name,
      shape,
      length: data.length,
    },
  );
}

const PLAIN = Object.entries(TYPED_ARRAYS).filter(([name]) => !/^(b?float16|bool)$/.test(name)) as [
  Dtype,
  (typeof TYPED_ARRAYS)[Dtype],
][];

const dtypeOf = (data: ArrayData): Dtype | undefined => PLAIN.find(([, type]) => data instanceof type)?.[0];

/**
 * Any array of numbers as float32: halves exactly, float64 and integers of more than 24 bits rounded to nearest.
 *
 * @returns [n]; the array's own data where it is float32 already
 */
export function float32Of(array: NamedArray): Float32Array {
  const { dtype, data } = withDtype(array, 'array');
  return toFloat32(data, dtype);
}
