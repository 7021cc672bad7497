/**
 * IEEE 754 binary16 to binary32, which holds each of its values, and back, rounded: 1 sign bit, 5 of exponent (bias 15), 10 of
 * fraction.
 * Node's own Float16Array is younger than the oldest Node this package runs on.
 */

/** 2^-24, the smallest positive half. */
const SUBNORMAL = 2 ** -24;

/** @param bits n halves @returns the same n values; NaNs keep their sign and fraction */
export function float16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
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

/** 65520, half way between the largest half and what would come next: from here on infinite. */
const TOO_LARGE = 0x477ff000;
/** 2^-14, the smallest half that is normal. */
const NORMAL = 0x38800000;

/**
 * Rounded to nearest, ties to even, as PyTorch and NumPy do: of normal halves the error is at most 2^-11 of the value, below 2^-14 at
 * most 2^-25.
 *
 * @param values n numbers
 * @returns n halves as bits; infinite from 65520 on
 * @example
 * float32ToFloat16(Float32Array.of(1, 65520)); // Uint16Array [0x3c00, 0x7c00]
 */
export function float32ToFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = words[i]!;
    const rest = word & 0x7fffffff;
    let half: number;
    if (rest > 0x7f800000)
      half = 0x7e00 | ((rest >>> 13) & 0x3ff); // NaN
    else if (rest >= TOO_LARGE) half = 0x7c00;
    else if (rest >= NORMAL) half = (rest - (112 << 23) + 0xfff + ((rest >>> 13) & 1)) >>> 13;
    else half = nearestEven(Math.abs(values[i]!) / SUBNORMAL);
    bits[i] = ((word >>> 16) & 0x8000) | half;
  }
  return bits;
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const beyond = value - below;
  return beyond > 0.5 || (beyond === 0.5 && below % 2 === 1) ? below + 1 : below;
}
