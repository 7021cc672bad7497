/**
 * Snappy's raw format (google/snappy, format_description.txt): the full length, then literals and copies of what is already
 * there. hyparquet's own has no end where a literal's length has its top bit set (seen with 1.33.0).
 */

/** @returns the `full` bytes, or undefined when the input does not make exactly these */
export function unsnapped(input: Uint8Array, full: number): Uint8Array | undefined {
  let at = 0;
  while ((input[at] ?? 0) >= 0x80) at++;
  at++; // the length, which the page's header has said
  const output = new Uint8Array(full);
  let filled = 0;
  while (at < input.length) {
    const tag = input[at]!;
    const [next, length, offset] = (tag & 3) === 0 ? literal(input, at) : copy(input, at);
    if (filled + length > full || next > input.length) return undefined;
    if (offset === 0) output.set(input.subarray(next - length, next), filled);
    else if (offset > filled) return undefined;
    // Byte by byte: a copy may overlap what it writes.
    else for (let i = filled; i < filled + length; i++) output[i] = output[i - offset]!;
    [at, filled] = [next, filled + length];
  }
  return filled === full ? output : undefined;
}

type Element = [next: number, length: number, offset: number];

/** Up to 60 bytes, or as many as the next one to four bytes say. */
function literal(input: Uint8Array, at: number): Element {
  const short = input[at]! >> 2;
  if (short < 60) return [at + 2 + short, short + 1, 0];
  const length = littleEndian(input, at + 1, short - 59) + 1;
  return [at + 1 + (short - 59) + length, length, 0];
}

function copy(input: Uint8Array, at: number): Element {
  const tag = input[at]!;
  if ((tag & 3) === 1)
    return [at + 2, ((tag >> 2) & 7) + 4, ((tag >> 5) << 8) + (input[at + 1] ?? 0) || Infinity];
  const bytes = (tag & 3) === 2 ? 2 : 4;
  return [at + 1 + bytes, (tag >> 2) + 1, littleEndian(input, at + 1, bytes) || Infinity];
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (input[at + i] ?? 0);
  return value;
}
