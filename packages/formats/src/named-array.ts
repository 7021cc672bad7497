/** An array in memory, as readers give it and writers take it. */
import { InputError, shown } from '@longtail/core';
import { type ArrayData, type Dtype, TYPED_ARRAYS, toFloat32 } from './element-type.ts';
import { float32ToFloat16 } from './float16.ts';
import { elements, isSize, shown as shownShape } from './stored-array.ts';

export interface NamedArray {
  /** Default: what the typed array says; float16, bfloat16 (bits in a Uint16Array) and bool (in a Uint8Array) must be named. */
  readonly dtype?: Dtype;
  readonly shape: readonly number[];
  /** In C order; as many as the shape has. */
  readonly data: ArrayData;
}
export type NamedArrays = ReadonlyMap<string, NamedArray>;
/** What is written, by its names. */
export type Named<T> = ReadonlyMap<string, T> | Readonly<Record<string, T>>;

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** Names and what they name, in order. @throws InputError for anything but a Map by strings and a plain object */
export function entriesOf<T>(named: Named<T>): [name: string, value: T][] {
  const entries = named instanceof Map ? [...named] : isPlain(named) ? Object.entries(named) : undefined;
  const wrong = entries?.findIndex(([name]) => typeof name !== 'string') ?? 0;
  if (entries && wrong < 0) return entries;
  throw new InputError(
    entries
      ? `expected strings as names, but one is ${shown(entries[wrong]![0])}.`
      : `expected a Map or a plain object of what to write, by its names, but got ${shown(named)}.`,
    { named },
  );
}

/** @returns the same @throws InputError unless it is a plain object of strings */
export function checkMetadata(metadata: Readonly<Record<string, string>>): typeof metadata {
  const [key, value] = isPlain(metadata)
    ? (Object.entries(metadata).find(([, value]) => typeof value !== 'string') ?? [])
    : ['', metadata];
  if (key === undefined) return metadata;
  throw new InputError(
    `expected metadata as a plain object of strings, but ${key && `"${key.slice(0, 80)}" in `}it is ${shown(value)}.`,
    { metadata },
  );
}

/** The same with its type. @throws InputError when the data is of another type, or not as long as the shape says */
export function withDtype(array: NamedArray, name: string): Required<NamedArray> {
  const refuse = (expected: string, found: string): InputError =>
    new InputError(`expected ${expected} in ${name}, but got ${found}.`, { name, array });
  if (typeof array !== 'object' || array === null) throw refuse('{ shape, data }', shown(array));
  const { shape, data, dtype: named } = array;
  if (named !== undefined && (typeof named !== 'string' || !Object.hasOwn(TYPED_ARRAYS, named)))
    throw refuse(`one of ${Object.keys(TYPED_ARRAYS).join(', ')} as the dtype`, shown(named));
  const dtype = named ?? dtypeOf(data);
  if (!dtype || !(data instanceof TYPED_ARRAYS[dtype]))
    throw refuse(`a typed array of ${dtype ?? 'numbers'}`, Object.prototype.toString.call(data).slice(8, -1));
  if (!Array.isArray(shape)) throw refuse('a shape, such as [n, dim],', shown(shape));
  const wrong = shape.findIndex((size) => !isSize(size));
  if (wrong >= 0) throw refuse('a shape of whole numbers from 0', shown(shape[wrong]));
  const count = elements(shape);
  if (count !== data.length)
    throw refuse(`${count} elements for the shape ${shownShape(shape)}`, String(data.length));
  const bit = dtype === 'bool' ? (data as Uint8Array).find((value) => value > 1) : undefined;
  if (bit !== undefined) throw refuse('0 and 1 as bools', String(bit));
  return { dtype, shape, data };
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

/**
 * Any array of numbers as halves, for writers: `{ dtype: 'float16', shape, data: float16Of(array) }`. Rounded to nearest, ties to even;
 * what is beyond 65504 becomes infinite.
 *
 * @returns the bits, [n]
 */
export const float16Of = (array: NamedArray): Uint16Array<ArrayBuffer> => float32ToFloat16(float32Of(array));
