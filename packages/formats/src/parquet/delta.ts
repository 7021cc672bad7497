/**
 * DELTA_BINARY_PACKED (Encodings.md): the first value, then blocks of differences, each less the block's smallest and packed
 * in miniblocks with a width of their own. Sums wrap, as two's complement does.
 */
import { unpacked, unpackedWide } from './run-length.ts';

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** Writers use 128 values a block and 4 miniblocks. */
const MAX_BLOCK = 2 ** 16;

/**
 * @param make the array of the type: int32 or int64
 * @returns [count] and the byte after them, or undefined when the bytes do not hold so many
 */
export function deltaValues<T extends Int32Array | BigInt64Array>(
  bytes: Uint8Array,
  make: new (length: number) => T,
  count: number,
): { values: T; end: number } | undefined {
  if (count === 0) return { values: new make(0), end: 0 };
  const reader = { bytes, at: 0 };
  const [block, miniblocks, total] = [varint(reader), varint(reader), varint(reader)].map(Number);
  const size = block! / miniblocks!;
  const fits = block! > 0 && block! <= MAX_BLOCK && Number.isInteger(size / 8) && total! >= count;
  // A miniblock of equal differences takes one byte.
  if (!fits || count > bytes.length * size + 1) return undefined;
  const values = new make(count);
  const add =
    values instanceof Int32Array ? adder32(values, zigzag(reader)) : adder64(values, zigzag(reader));
  for (let filled = 1; filled < count; ) {
    const least = zigzag(reader);
    const widths = bytes.subarray(reader.at, reader.at + miniblocks!);
    if (widths.length < miniblocks!) return undefined;
    reader.at += miniblocks!;
    for (const width of widths) {
      const wanted = Math.min(size, count - filled);
      if (wanted <= 0) break;
      const next = reader.at + (size * width) / 8;
      if (width > 64 || next > bytes.length) return undefined;
      const unpack = width > 32 ? unpackedWide : unpacked;
      add(least, unpack(bytes, reader.at, width, wanted), filled);
      [filled, reader.at] = [filled + wanted, next];
    }
  }
  return { values, end: reader.at };
}

type Add = (least: bigint, differences: Uint32Array | BigUint64Array, at: number) => void;

function adder32(values: Int32Array, first: bigint): Add {
  values[0] = Number(BigInt.asIntN(32, first));
  return (least, differences, at) => {
    const step = Number(BigInt.asIntN(32, least));
    for (let i = 0; i < differences.length; i++)
      values[at + i] = values[at + i - 1]! + step + Number(differences[i]!); // below 2^34, cut to 32 bits
  };
}

function adder64(values: BigInt64Array, first: bigint): Add {
  values[0] = first;
  return (least, differences, at) => {
    // What does not fit is cut to 64 bits as it is written.
    for (let i = 0; i < differences.length; i++)
      values[at + i] = values[at + i - 1]! + least + BigInt(differences[i]!);
  };
}

/** An unsigned integer of 7 bits a byte, of at most 70 bits; past the end, zeros. */
function varint(reader: Reader): bigint {
  let [value, shift] = [0n, 0n];
  for (let i = 0; i < 10; i++, shift += 7n) {
    const byte = reader.bytes[reader.at++] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

/** A signed one: 0, -1, 1, -2, ... */
function zigzag(reader: Reader): bigint {
  const value = varint(reader);
  return value & 1n ? -(value >> 1n) - 1n : value >> 1n;
}
