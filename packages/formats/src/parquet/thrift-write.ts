/** Thrift's compact protocol (thrift-compact-protocol.md), written: what the headers and the footer of Parquet are made of. */

/** In the order of their ids; a gap is undefined. */
export type Struct = readonly (Value | undefined)[];
export type Value =
  | boolean
  | { readonly i32: number }
  | { readonly i64: number | bigint }
  | string
  | Struct
  | { readonly list: readonly Value[] };

const [TRUE, FALSE, I32, I64, BINARY, LIST, STRUCT] = [1, 2, 5, 6, 8, 9, 12];

/** @param fields [0] has the id 1 */
export function structBytes(fields: Struct): Uint8Array {
  const bytes: number[] = [];
  writeStruct(bytes, fields);
  return Uint8Array.from(bytes);
}

function writeStruct(bytes: number[], fields: Struct): void {
  let last = -1;
  for (const [id, value] of fields.entries()) {
    if (value === undefined) continue;
    bytes.push(((id - last) << 4) | typeOf(value));
    last = id;
    if (typeof value !== 'boolean') writeValue(bytes, value);
  }
  bytes.push(0);
}

function typeOf(value: Value): number {
  if (typeof value === 'boolean') return value ? TRUE : FALSE;
  if (typeof value === 'string') return BINARY;
  if (Array.isArray(value)) return STRUCT;
  if ('i32' in value) return I32;
  return 'i64' in value ? I64 : LIST;
}

function writeValue(bytes: number[], value: Exclude<Value, boolean>): void {
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value);
    writeVarint(bytes, BigInt(text.length));
    for (const byte of text) bytes.push(byte);
  } else if (Array.isArray(value)) writeStruct(bytes, value);
  else if ('i32' in value) writeVarint(bytes, zigzag(BigInt(value.i32)));
  else if ('i64' in value) writeVarint(bytes, zigzag(BigInt(value.i64)));
  else writeList(bytes, (value as { list: readonly Value[] }).list);
}

function writeList(bytes: number[], list: readonly Value[]): void {
  const type = list.length > 0 ? typeOf(list[0]!) : STRUCT;
  bytes.push((Math.min(list.length, 15) << 4) | type);
  if (list.length >= 15) writeVarint(bytes, BigInt(list.length));
  for (const item of list) writeValue(bytes, item as Exclude<Value, boolean>);
}

const zigzag = (value: bigint): bigint => (value << 1n) ^ (value >> 63n);

function writeVarint(bytes: number[], value: bigint): void {
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
}
