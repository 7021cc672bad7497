/**
 * Parquet's hybrid of runs and packed bits (Encodings.md, RLE = 3), which holds levels and places in a dictionary.
 * hyparquet's loops over as many values as a run claims; here a run ends with the values that are wanted.
 */

/**
 * @param width bits of a value, 0 to 32
 * @param count how many are wanted
 * @returns [count], or undefined when the bytes end before
 */
export function runLengthValues(bytes: Uint8Array, width: number, count: number): Uint32Array | undefined {
  const values = new Uint32Array(count);
  let [at, filled] = [0, 0];
  while (filled < count) {
    let [header, scale] = [0, 1];
    do {
      if (at >= bytes.length || scale > 2 ** 28) return undefined;
      header += (bytes[at]! & 0x7f) * scale;
      scale *= 128;
    } while (bytes[at++]! >= 0x80);
    const run = Math.floor(header / 2);
    const wanted = Math.min(header % 2 === 0 ? run : run * 8, count - filled);
    const size = Math.ceil((header % 2 === 0 ? width : wanted * width) / 8);
    if (at + size > bytes.length) return undefined;
    if (header % 2 === 0) values.fill(littleEndian(bytes, at, size), filled, filled + wanted);
    else unpack(bytes, at, width, values.subarray(filled, filled + wanted));
    at += header % 2 === 0 ? size : run * width;
    filled += wanted;
  }
  return values;
}

function littleEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}

/** `count` values of up to 32 bits, the lowest first. */
export function unpacked(bytes: Uint8Array, at: number, width: number, count: number): Uint32Array {
  const values = new Uint32Array(count);
  unpack(bytes, at, width, values);
  return values;
}

/** The same of up to 64 bits. */
export function unpackedWide(bytes: Uint8Array, at: number, width: number, count: number): BigUint64Array {
  const values = new BigUint64Array(count);
  const mask = (1n << BigInt(width)) - 1n;
  let [next, waiting, bits] = [at, 0n, 0];
  for (let i = 0; i < count; i++) {
    for (; bits < width; bits += 8) waiting |= BigInt(bytes[next++]!) << BigInt(bits);
    values[i] = waiting & mask;
    waiting >>= BigInt(width);
    bits -= width;
  }
  return values;
}

function unpack(bytes: Uint8Array, start: number, width: number, values: Uint32Array): void {
  (width > 24 ? unpackInDoubles : unpackInWords)(bytes, start, width, values);
}

function unpackInWords(bytes: Uint8Array, start: number, width: number, values: Uint32Array): void {
  const mask = (1 << width) - 1;
  let [at, waiting, bits] = [start, 0, 0];
  for (let i = 0; i < values.length; i++) {
    for (; bits < width; bits += 8) waiting |= bytes[at++]! << bits;
    values[i] = waiting & mask;
    waiting >>>= width;
    bits -= width;
  }
}

/** The same where up to 39 bits wait at once, which a double holds. */
function unpackInDoubles(bytes: Uint8Array, start: number, width: number, values: Uint32Array): void {
  const modulus = 2 ** width;
  let [at, waiting, bits] = [start, 0, 0];
  for (let i = 0; i < values.length; i++) {
    for (; bits < width; bits += 8) waiting += bytes[at++]! * 2 ** bits;
    values[i] = waiting % modulus;
    waiting = Math.floor(waiting / modulus);
    bits -= width;
  }
}
