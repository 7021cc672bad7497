/** The types of a stored array's elements, and from their bytes to float32 features and int32 labels. */
import { float16ToFloat32 } from './float16.ts';

export type ElementName =
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64'
  | 'bool'
  | `${'int' | 'uint'}${8 | 16 | 32 | 64}`;

export interface ElementType {
  readonly name: ElementName;
  /** Of one element. */
  readonly bytes: number;
  readonly bigEndian: boolean;
}

const SIZES: Record<ElementName, number> = {
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
  bool: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
};

const NUMPY: Record<string, ElementName> = { f2: 'float16', f4: 'float32', f8: 'float64', b1: 'bool' };
for (const bytes of [1, 2, 4, 8] as const) {
  NUMPY[`i${bytes}`] = `int${(bytes * 8) as 8 | 16 | 32 | 64}`;
  NUMPY[`u${bytes}`] = `uint${(bytes * 8) as 8 | 16 | 32 | 64}`;
}

export const elementType = (
  name: ElementName,
  { bigEndian = false }: { bigEndian?: boolean } = {},
): ElementType => ({
  name,
  bytes: SIZES[name],
  bigEndian,
});

/** NumPy's code (`f4`) and byte order (`<`, `>`, `|`, `=`); undefined for text, dates, records, complex numbers. */
export function numpyType(code: string, order: string): ElementType | undefined {
  const name = Object.hasOwn(NUMPY, code) ? NUMPY[code] : undefined;
  return name && elementType(name, { bigEndian: order === '>' });
}

export const isFloat = ({ name }: ElementType): boolean => name.includes('float');

/** Bytes in this machine's order (little-endian, as every platform of Node but s390x), swapped in place. */
function inOrder(bytes: Buffer, type: ElementType): ArrayBuffer {
  if (type.bigEndian && type.bytes === 2) bytes.swap16();
  if (type.bigEndian && type.bytes === 4) bytes.swap32();
  if (type.bigEndian && type.bytes === 8) bytes.swap64();
  return bytes.buffer as ArrayBuffer;
}

/** @param bytes n elements from the start of their own ArrayBuffer; overwritten @returns [n], float64 rounded to nearest */
export function toFloat32(bytes: Buffer, type: ElementType): Float32Array {
  const buffer = inOrder(bytes, type);
  if (type.name === 'float32') return new Float32Array(buffer);
  if (type.name === 'float64') return new Float32Array(new Float64Array(buffer));
  if (type.name === 'float16') return float16ToFloat32(new Uint16Array(buffer));
  // bfloat16 is the upper half of a float32.
  return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer);
}

const INTEGERS = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;

/** @param bytes n integers from the start of their own ArrayBuffer; overwritten @returns [n], as they are: not yet labels */
export function toIntegers(bytes: Buffer, type: ElementType): ArrayLike<number | bigint> {
  return new INTEGERS[type.name as keyof typeof INTEGERS](inOrder(bytes, type));
}
