/** Values into TensorFlow and out of it. */
import { EngineError } from '@longtail/core';
import { checkFilled } from '@longtail/kernels';
import koffi from 'koffi';
import type { Native } from './native.ts';
import { bytesAt, owned, readStrings, STRING_BYTES, writeStrings } from './strings.ts';

/** TF_DataType of tf_datatype.h. */
export const TYPES = {
  TF_FLOAT: 1,
  TF_INT32: 3,
  TF_UINT8: 4,
  TF_STRING: 7,
  TF_COMPLEX64: 8,
  TF_INT64: 9,
  TF_BOOL: 10,
  TF_RESOURCE: 20,
} as const;

/** Of one value. */
const BYTES: Readonly<Record<number, number>> = {
  [TYPES.TF_FLOAT]: 4,
  [TYPES.TF_INT32]: 4,
  [TYPES.TF_UINT8]: 1,
  [TYPES.TF_STRING]: STRING_BYTES,
  [TYPES.TF_COMPLEX64]: 8,
  [TYPES.TF_INT64]: 8,
  [TYPES.TF_BOOL]: 1,
};

/**
 * @param values a typed array of the type's bytes (int64 as pairs of int32), or the bytes of strings
 * @throws InputError unless they are as many as the shape has places: TensorFlow would read beyond them
 */
export function createHandle(
  native: Native,
  { shape, type, values }: { shape: number[]; type: number; values: ArrayLike<number> | Uint8Array[] },
): bigint {
  const { c, checked } = native;
  const dims = BigInt64Array.from(shape, BigInt);
  const isText = type === TYPES.TF_STRING;
  const count = values.length;
  const bytes = isText ? count * STRING_BYTES : (values as unknown as Uint8Array).byteLength;
  checkFilled(bytes / BYTES[type]!, shape);
  const tensor = c.allocateTensor(type, dims, shape.length, bytes);
  try {
    const data = c.tensorData(tensor);
    if (isText) writeStrings(c, data, values as Uint8Array[]);
    else if (bytes > 0) {
      const { buffer, byteOffset } = values as unknown as Uint8Array;
      koffi.encode(data, 'uint8_t', new Uint8Array(buffer, byteOffset, bytes), bytes);
    }
    const handle = BigInt(checked('a tensor', (s) => c.newHandle(tensor, s)) as number | bigint);
    return isText ? owned(native, handle, { data, count }) : handle;
  } finally {
    c.deleteTensor(tensor);
  }
}

/** @returns float32, int32 or bytes as tfjs keeps them (complex64 as pairs of float32); strings as their bytes */
export function readHandle(
  { c, checked }: Native,
  handle: bigint,
): Float32Array | Int32Array | Uint8Array | Uint8Array[] {
  const tensor = checked('reading a tensor', (s) => c.resolve(handle, s));
  try {
    const [data, type] = [c.tensorData(tensor), c.handleType(handle) as number];
    const bytes = Number(c.tensorBytes(tensor));
    if (type === TYPES.TF_STRING) return readStrings(c, data, bytes / STRING_BYTES);
    const { buffer } = bytesAt(data, bytes);
    switch (type) {
      case TYPES.TF_FLOAT:
      case TYPES.TF_COMPLEX64:
        return new Float32Array(buffer);
      case TYPES.TF_INT32:
        return new Int32Array(buffer);
      case TYPES.TF_INT64:
        return Int32Array.from(new BigInt64Array(buffer), Number);
      case TYPES.TF_BOOL:
      case TYPES.TF_UINT8:
      case TYPES.TF_RESOURCE:
        return new Uint8Array(buffer);
      default:
        throw new EngineError(`tfjs has no type for TensorFlow's type ${type}.`, { type });
    }
  } finally {
    c.deleteTensor(tensor);
  }
}
