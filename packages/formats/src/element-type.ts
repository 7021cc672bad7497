/** The types of an array's elements, and from their bytes to typed arrays, float32 features and int32 labels. */
import { float16ToFloat32 } from './float16.ts';

export type Dtype =
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64'
  | 'bool'
  | `${'int' | 'uint'}${8 | 16 | 32 | 64}`;

/** The elements as they are: halves of both kinds as their bits, bool as 0 and 1. */
export type ArrayData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

export interface ElementType {
  readonly name: Dtype;
  /** Of one element. */
  readonly bytes: number;
  readonly bigEndian: boolean;
}

interface TypedArrays {
  readonly float16: typeof Uint16Array;
  readonly bfloat16: typeof Uint16Array;
  readonly float32: typeof Float32Array;
  readonly float64: typeof Float64Array;
  readonly bool: typeof Uint8Array;
  readonly int8: typeof Int8Array;
  readonly int16: typeof Int16Array;
  readonly int32: typeof Int32Array;
  readonly int64: typeof BigInt64Array;
  readonly uint8: typeof Uint8Array;
  readonly uint16: typeof Uint16Array;
  readonly uint32: typeof Uint32Array;
  readonly uint64: typeof BigUint64Array;
}

export const TYPED_ARRAYS: TypedArrays = {
  float16: Uint16Array,
  bfloat16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
};

const NUMPY: Record<string, Dtype> = { f2: 'float16', f4: 'float32', f8: 'float64', b1: 'bool' };
for (const bytes of [1, 2, 4, 8] as const) {
  NUMPY[`i${bytes}`] = `int${(bytes * 8) as 8 | 16 | 32 | 64}`;
  NUMPY[`u${bytes}`] = `uint${(bytes * 8) as 8 | 16 | 32 | 64}`;
}

export const elementType = (
  name: Dtype,
  { bigEndian = false }: { bigEndian?: boolean } = {},
): ElementType => ({
  name,
  bytes: TYPED_ARRAYS[name].BYTES_PER_ELEMENT,
  bigEndian,
});

/** NumPy's code (`f4`) and byte order (`<`, `>`, `|`, `=`); undefined for text, dates, records, complex numbers. */
export function numpyType(code: string, order: string): ElementType | undefined {
  const name = Object.hasOwn(NUMPY, code) ? NUMPY[code] : undefined;
  return name && elementType(name, { bigEndian: order === '>' });
}

/** NumPy's code of a type in little-endian order: `<f4`; undefined for bfloat16, which NumPy lacks. */
export function numpyCode(name: Dtype): string | undefined {
  const [code] = Object.entries(NUMPY).find(([, type]) => type === name) ?? [];
  return code && `${code.endsWith('1') ? '|' : '<'}${code}`;
}

export const isFloat = ({ name }: Pick<ElementType, 'name'>): boolean => name.includes('float');

/** Of elements in the order of the machine, which is little-endian on every platform of Node but s390x. */
function swapped(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  for (let at = 0; at < bytes.length; at += size)
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  return bytes;
}

/** @param bytes n elements from the start of their own ArrayBuffer; taken over @returns [n], as they are */
export function typedArray(bytes: Uint8Array<ArrayBuffer>, type: ElementType): ArrayData {
  const { buffer } = type.bigEndian && type.bytes > 1 ? swapped(bytes, type.bytes) : bytes;
  return new TYPED_ARRAYS[type.name](buffer);
}

/** @returns [n]: halves exactly, float64 and integers of more than 24 bits rounded to nearest */
export function toFloat32(data: ArrayData, dtype: Dtype): Float32Array {
  if (data instanceof Float32Array) return data;
  if (dtype === 'float16') return float16ToFloat32(data as Uint16Array);
  // bfloat16 is the upper half of a float32.
  if (dtype === 'bfloat16')
    return new Float32Array(Uint32Array.from(data as Uint16Array, (half) => half << 16).buffer);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return new Float32Array(data);
}

/** @returns [n]: int64 of more than 53 bits rounded to nearest, all else exactly */
export function toFloat64(data: ArrayData, dtype: Dtype): Float64Array {
  if (data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return new Float64Array(dtype.includes('float') ? toFloat32(data, dtype) : data);
}
