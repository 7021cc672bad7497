/** IEEE 754 binary32 to binary16, to nearest even. Node's own Float16Array is younger than the oldest Node this runs on. */
const FLOAT = new Float32Array(1);
const WORD = new Uint32Array(FLOAT.buffer);

/** @returns the 16 bits of the nearest half; infinite from 65520 on */
export function float16Bits(value: number): number {
  FLOAT[0] = value;
  const sign = (WORD[0]! >>> 16) & 0x8000;
  const rest = WORD[0]! & 0x7fffffff;
  // Below 2^-14 a half is a multiple of 2^-24; adding 2^52 rounds a double to an integer, ties to even.
  if (rest < 0x38800000) return sign | (Math.abs(FLOAT[0]!) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  const half = rest - (112 << 23); // another bias: 127 - 15
  return sign | Math.min((half + 0xfff + ((half >> 13) & 1)) >> 13, 0x7c00);
}
