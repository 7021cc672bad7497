/** Values into TensorFlow and out of it. */
import { EngineError } from '@longtail/core';
import koffi from 'koffi';
import type { Native } from './native.ts';

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

/** sizeof(TF_TString). */
const STRING_BYTES = 24;

const viewOf = (pointer: unknown, bytes: number): Uint8Array =>
  new Uint8Array(bytes === 0 ? new ArrayBuffer(0) : (koffi.view(pointer, bytes) as ArrayBuffer));

/** @param values a typed array of the type's bytes (int64 as pairs of int32), or the bytes of strings */
export function createHandle(
  { c, checked }: Native,
  { shape, type, values }: { shape: number[]; type: number; values: ArrayLike<number> | Uint8Array[] },
): bigint {
  const dims = BigInt64Array.from(shape, BigInt);
  const size = shape.reduce((a, b) => a * b, 1);
  const isText = type === TYPES.TF_STRING;
  const bytes = isText ? size * STRING_BYTES : (values as unknown as Uint8Array).byteLength;
  const tensor = c.allocateTensor(type, dims, shape.length, bytes);
  try {
    const data = c.tensorData(tensor);
    if (isText) writeStrings(c, data, values as Uint8Array[]);
    else {
      const { buffer, byteOffset } = values as unknown as Uint8Array<ArrayBuffer>;
      viewOf(data, bytes).set(new Uint8Array(buffer, byteOffset, bytes));
    }
    return BigInt(checked('a tensor', (s) => c.newHandle(tensor, s)) as number | bigint);
  } finally {
    c.deleteTensor(tensor);
  }
}

function writeStrings(c: Native['c'], data: unknown, values: readonly Uint8Array[]): void {
  const start = values.length > 0 ? BigInt(koffi.address(data)) : 0n;
  values.forEach((value, i) => {
    const place = start + BigInt(i * STRING_BYTES);
    c.stringInit(place);
    c.stringCopy(place, value, value.length);
  });
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
    const { buffer } = viewOf(data, bytes).slice();
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

function readStrings(c: Native['c'], data: unknown, count: number): Uint8Array[] {
  const start = count > 0 ? BigInt(koffi.address(data)) : 0n;
  return Array.from({ length: count }, (_, i) => {
    const place = start + BigInt(i * STRING_BYTES);
    return viewOf(c.stringData(place), Number(c.stringSize(place))).slice();
  });
}
