/**
 * IEEE 754 binary16 to binary32, which holds each of its values: 1 sign bit, 5 of exponent (bias 15), 10 of fraction.
 * Node's own Float16Array is younger than the oldest Node this package runs on.
 */

/** 2^-24, the smallest positive half. */
const SUBNORMAL = 2 ** -24;

/** @param bits n halves @returns the same n values; NaNs keep their sign and fraction */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i]!;
    const sign = (half & 0x8000) << 16;
    const rest = half & 0x7fff;
    if (rest >= 0x7c00)
      words[i] = sign | 0x7f800000 | ((rest & 0x3ff) << 13); // infinite or NaN
    else if (rest >= 0x400)
      words[i] = sign | ((rest << 13) + (112 << 23)); // another bias: 127 - 15
    else values[i] = (sign === 0 ? rest : -rest) * SUBNORMAL;
  }
  return values;
}
