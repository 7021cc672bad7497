/**
 * LZ4's block format (lz4/doc/lz4_Block_format.md): literals, then a copy of what is already there, again and again. And
 * Hadoop's frame around blocks, which Parquet's deprecated LZ4 means: full and packed length of each, big-endian.
 */
import { viewOf } from '../bytes.ts';

/** @returns the `full` bytes, or undefined when the block does not make exactly these */
export function lz4Block(input: Uint8Array, full: number): Uint8Array | undefined {
  const output = new Uint8Array(full);
  let [at, filled] = [0, 0];
  /** 15 in the token, and each 255 after it, mean that the length goes on. */
  const length = (nibble: number): number => {
    let [sum, byte] = [nibble, nibble === 15 ? 255 : 0];
    while (byte === 255) {
      byte = input[at++] ?? Number.POSITIVE_INFINITY;
      sum += byte;
    }
    return sum;
  };
  while (at < input.length) {
    const token = input[at++]!;
    const literals = length(token >> 4);
    if (filled + literals > full || at + literals > input.length) return undefined;
    output.set(input.subarray(at, at + literals), filled);
    [at, filled] = [at + literals, filled + literals];
    if (at === input.length) break; // the last sequence is literals only
    const offset = (input[at] ?? 0) + (input[at + 1] ?? 0) * 256;
    at += 2;
    const copied = length(token & 15) + 4;
    if (offset === 0 || offset > filled || filled + copied > full) return undefined;
    // Byte by byte: a copy may overlap what it writes.
    for (const end = filled + copied; filled < end; filled++) output[filled] = output[filled - offset]!;
  }
  return filled === full ? output : undefined;
}

/** The deprecated codec: Hadoop's frame, or, of some writers, a block without. */
export const lz4Hadoop = (input: Uint8Array, full: number): Uint8Array | undefined =>
  framed(input, full) ?? lz4Block(input, full);

function framed(input: Uint8Array, full: number): Uint8Array | undefined {
  const view = viewOf(input);
  const output = new Uint8Array(full);
  let [at, filled] = [0, 0];
  while (at + 8 <= input.length) {
    const [size, packed] = [view.getUint32(at), view.getUint32(at + 4)];
    if (size > full - filled || packed > input.length - at - 8) return undefined;
    const block = lz4Block(input.subarray(at + 8, at + 8 + packed), size);
    if (!block) return undefined;
    output.set(block, filled);
    [at, filled] = [at + 8 + packed, filled + size];
  }
  return at === input.length && filled === full ? output : undefined;
}
