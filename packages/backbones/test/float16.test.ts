import { float32Of } from '@longtail/formats';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { float16Bits } from '../src/onnx/float16.ts';

it('every half but the NaNs comes back', () => {
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i).filter((half) => (half & 0x7fff) <= 0x7c00);
  const values = float32Of({ dtype: 'float16', shape: [bits.length], data: bits });
  expect(Uint16Array.from(values, float16Bits)).toEqual(bits);
});

it("rounds as Node's Float16Array does", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.float({ noNaN: true }), fc.float({ min: -70000, max: 70000, noNaN: true })),
      (value) => {
        expect(float16Bits(value)).toBe(new Uint16Array(Float16Array.of(value).buffer)[0]);
      },
    ),
    {
      examples: [
        [65519.996],
        [65520],
        [2 ** -25],
        [3 * 2 ** -25],
        [2 ** -14 - 2 ** -26],
        [1 + 2 ** -11],
        [-0],
      ],
      numRuns: 2000,
    },
  );
});
