/** A column's type in the schema, and the bytes of one page of its rows, PLAIN (Encodings.md). */
import { type ArrayData, type Dtype, TYPED_ARRAYS } from '../element-type.ts';
import { type CheckedColumn, joinedBytes } from '../table-columns.ts';
import type { Struct } from './thrift-write.ts';

interface PhysicalType {
  readonly type: number;
  /** Bytes of an element of fixed length. */
  readonly length?: number;
  /** ConvertedType, where it says more. */
  readonly converted?: number;
  /** The id of a LogicalType, where only that says it. */
  readonly logical?: number;
}

const [BOOLEAN, INT32, INT64, FLOAT, DOUBLE, BYTE_ARRAY, FIXED] = [0, 1, 2, 4, 5, 6, 7];
const [UTF8, LIST, FLOAT16] = [0, 3, 15];
const TYPES: Readonly<Record<Exclude<Dtype, 'bfloat16'>, PhysicalType>> = {
  bool: { type: BOOLEAN },
  int8: { type: INT32, converted: 15 },
  int16: { type: INT32, converted: 16 },
  int32: { type: INT32 },
  int64: { type: INT64 },
  uint8: { type: INT32, converted: 11 },
  uint16: { type: INT32, converted: 12 },
  uint32: { type: INT32, converted: 13 },
  uint64: { type: INT64, converted: 14 },
  float16: { type: FIXED, length: 2, logical: FLOAT16 },
  float32: { type: FLOAT },
  float64: { type: DOUBLE },
};
const TEXT: PhysicalType = { type: BYTE_ARRAY, converted: UTF8 };

export const typeOf = (column: CheckedColumn): PhysicalType =>
  'texts' in column ? TEXT : TYPES[column.array.dtype as Exclude<Dtype, 'bfloat16'>];

/** The names on the way to the values. */
export const pathOf = ({ name, isList }: CheckedColumn): string[] =>
  isList ? [name, 'list', 'element'] : [name];

const [REQUIRED, REPEATED] = [0, 2];
const i32 = (value: number | undefined) => (value === undefined ? undefined : { i32: value });

/** SchemaElements: [type, type_length, repetition_type, name, num_children, converted_type, ..., logicalType]. */
export function schemaOf(column: CheckedColumn): Struct[] {
  const { type, length, converted, logical } = typeOf(column);
  const kind = logical && [...new Array<undefined>(logical - 1), []];
  const leaf = (name: string): Struct => [
    ...[i32(type), i32(length), i32(REQUIRED), name, undefined],
    ...[i32(converted), undefined, undefined, undefined, kind || undefined],
  ];
  if (!column.isList) return [leaf(column.name)];
  return [
    [undefined, undefined, i32(REQUIRED), column.name, i32(1), i32(LIST)],
    [undefined, undefined, i32(REPEATED), 'list', i32(1)],
    leaf('element'),
  ];
}

/** What a row takes at most, for the size of row groups. */
export function rowBytes(column: CheckedColumn): number {
  if ('texts' in column) return column.texts.reduce((most, text) => Math.max(most, 4 + 3 * text.length), 4);
  return column.width * Math.max(4, column.array.data.BYTES_PER_ELEMENT);
}

/** Levels, where it is a list, then values. */
export function pageBody(column: CheckedColumn, start: number, end: number): Uint8Array {
  if ('texts' in column) return textBytes(column.texts.slice(start, end));
  const { width, array } = column;
  const values = plainBytes(array.data.subarray(start * width, end * width), array.dtype);
  if (!column.isList) return values;
  return joinedBytes([repetition(end - start, width), prefixed(run((end - start) * width, 1)), values]);
}

function textBytes(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  return joinedBytes(texts.map((text) => prefixed(encoder.encode(text))));
}

/** After their length, u32. */
function prefixed(bytes: Uint8Array): Uint8Array {
  return joinedBytes([new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes]);
}

/** One run of RLE, of a value of one bit. */
function run(times: number, value: number): Uint8Array {
  const bytes: number[] = [];
  let header = times * 2;
  for (; header > 127; header = Math.floor(header / 128)) bytes.push((header % 128) + 128);
  bytes.push(header, value);
  return Uint8Array.from(bytes);
}

/** In each row a 0, then ones. */
function repetition(rows: number, width: number): Uint8Array {
  if (width === 1) return prefixed(run(rows, 0));
  const row = joinedBytes([run(1, 0), run(width - 1, 1)]);
  const bytes = new Uint8Array(rows * row.length);
  for (let i = 0; i < rows; i++) bytes.set(row, i * row.length);
  return prefixed(bytes);
}

function plainBytes(data: ArrayData, dtype: Dtype): Uint8Array {
  if (dtype === 'bool') return packed(data as Uint8Array);
  const { type } = TYPES[dtype as Exclude<Dtype, 'bfloat16'>];
  const wide =
    type === INT32 && TYPED_ARRAYS[dtype].BYTES_PER_ELEMENT < 4 ? Int32Array.from(data as Int8Array) : data;
  return new Uint8Array(wide.buffer, wide.byteOffset, wide.byteLength);
}

function packed(bools: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bools.length / 8));
  for (const [i, bit] of bools.entries()) if (bit) bytes[i >> 3]! |= 1 << (i & 7);
  return bytes;
}
