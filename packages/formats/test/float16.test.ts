import { describe, expect, it } from 'vitest';
import { float16ToFloat32 } from '../src/float16.ts';

/** sign * 2^(exponent - 15) * (1 + fraction / 1024), from the definition. */
function byDefinition(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return (
    sign * (exponent === 0 ? 2 ** -14 * (fraction / 1024) : 2 ** (exponent - 15) * (1 + fraction / 1024))
  );
}

describe('float16ToFloat32', () => {
  it('is exact on all 65,536, the signs of zeros included', () => {
    const values = float16ToFloat32(Uint16Array.from({ length: 65_536 }, (_, i) => i));
    const wrong = values.findIndex((value, bits) => !Object.is(value, byDefinition(bits)));
    expect(wrong).toBe(-1);
  });

  it("agrees with this Node's Float16Array, where it has one", (context) => {
    const { Float16Array } = globalThis as { Float16Array?: new (buffer: ArrayBuffer) => ArrayLike<number> };
    if (!Float16Array) {
      console.warn('skipped: this Node has no Float16Array');
      return context.skip('no Float16Array');
    }
    const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i);
    expect(float16ToFloat32(bits)).toEqual(Float32Array.from(new Float16Array(bits.buffer)));
  });
});
