/**
 * Whether bytes can be what Thrift's compact protocol calls a struct: lists no longer than the bytes that are left, integers
 * of ten bytes at most, bounded depth. hyparquet allocates what a list claims, so this looks first. Values are not kept.
 */

/** Parquet's own structs nest 6 deep. */
const MAX_DEPTH = 32;

/** @returns the byte after the struct that begins at `start`, or undefined when there is none */
export function structEnd(bytes: Uint8Array, start: number): number | undefined {
  const reader = { bytes, at: start };
  return skipStruct(reader, 0) && reader.at <= bytes.length ? reader.at : undefined;
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** An unsigned integer of 7 bits a byte; undefined when it does not end. */
function varint(reader: Reader): number | undefined {
  let value = 0;
  for (let i = 0; i < 10 && reader.at < reader.bytes.length; i++) {
    const byte = reader.bytes[reader.at++]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value;
  }
  return undefined;
}

function skipStruct(reader: Reader, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  while (reader.at < reader.bytes.length) {
    const field = reader.bytes[reader.at++]!;
    if ((field & 0x0f) === 0) return true;
    if (field >> 4 === 0 && varint(reader) === undefined) return false;
    if (!skipValue(reader, field & 0x0f, depth)) return false;
  }
  return false;
}

function skipValue(reader: Reader, type: number, depth: number): boolean {
  if (type === 1 || type === 2) return true; // true and false
  if (type === 3) return skipBytes(reader, 1);
  if (type >= 4 && type <= 6) return varint(reader) !== undefined;
  if (type === 7) return skipBytes(reader, 8); // double
  if (type === 8) return skipBytes(reader, varint(reader)); // binary
  if (type === 9) return skipList(reader, depth);
  return type === 12 && skipStruct(reader, depth + 1);
}

function skipBytes(reader: Reader, length = Number.POSITIVE_INFINITY): boolean {
  reader.at += length;
  return reader.at <= reader.bytes.length;
}

function skipList(reader: Reader, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const head = reader.bytes[reader.at++] ?? 0;
  const type = (head & 0x0f) <= 2 ? 3 : head & 0x0f; // in a list a boolean takes a byte
  const size = head >> 4 === 15 ? varint(reader) : head >> 4;
  if (size === undefined || size > reader.bytes.length - reader.at) return false;
  for (let i = 0; i < size; i++) if (!skipValue(reader, type, depth + 1)) return false;
  return true;
}
