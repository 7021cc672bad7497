import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float16ToFloat32, float32ToFloat16 } from '../src/float16.ts';

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

describe('float32ToFloat16', () => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, i) => i);

  it('gives each half back, NaNs as NaNs', () => {
    const back = float32ToFloat16(float16ToFloat32(halves));
    const isNaN16 = (bits: number) => (bits & 0x7fff) > 0x7c00;
    expect(halves.findIndex((bits, i) => (isNaN16(bits) ? !isNaN16(back[i]!) : bits !== back[i]))).toBe(-1);
  });

  it('rounds what is half way between two halves to the even one, and beyond it to the nearer', () => {
    const finite = float16ToFloat32(halves.subarray(0, 0x7c01)); // the last is infinite
    const above = float16ToFloat32(halves.subarray(1, 0x7c00));
    for (let bits = 0; bits < 0x7bff; bits++) {
      const middle = (finite[bits]! + above[bits]!) / 2; // exact in float32
      const [down, tie, up] = float32ToFloat16(
        Float32Array.of(middle * (1 - 2 ** -23), middle, middle * (1 + 2 ** -23)),
      );
      expect([down, tie, up]).toEqual([bits, bits % 2 === 0 ? bits : bits + 1, bits + 1]);
    }
    expect([...float32ToFloat16(Float32Array.of(65519.996, 65520, -65520, -0))]).toEqual([
      0x7bff, 0x7c00, 0xfc00, 0x8000,
    ]);
  });

  it('errs by half a unit in the last place: 2^-11 of a normal value, 2^-25 below 2^-14', () => {
    const value = fc.float({ min: -65504, max: 65504, noNaN: true });
    fc.assert(
      fc.property(fc.float32Array({ min: -65504, max: 65504, noNaN: true, minLength: 1 }), (values) => {
        const back = float16ToFloat32(float32ToFloat16(values));
        return values.every((x, i) => Math.abs(x - back[i]!) <= Math.max(Math.abs(x) * 2 ** -11, 2 ** -25));
      }),
    );
    fc.assert(
      fc.property(value, (x) => {
        const { Float16Array } = globalThis as {
          Float16Array?: new (values: number[]) => { buffer: ArrayBuffer };
        };
        if (!Float16Array) return true; // an older Node
        return new Uint16Array(new Float16Array([x]).buffer)[0] === float32ToFloat16(Float32Array.of(x))[0];
      }),
    );
  });
});
