import { InputError, random } from '@longtail/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { argmax } from '../src/index.ts';

/** NaN with the sign of minus, as 0 / 0 gives it on x86. */
const MINUS_NAN = new Float32Array(Uint32Array.of(0xffc00000).buffer)[0]!;

describe('argmax', () => {
  it('takes the first of equal scores and names a NaN', () => {
    expect(argmax([1, 1, 0, -5, -4, -4], { numClasses: 3 })).toEqual(Int32Array.of(0, 1));
    expect(() => argmax([0, 0, 0, Number.NaN], { numClasses: 2 })).toThrow('row 1 has NaN for class 1');
    expect(() => argmax([1, 2, 3], { numClasses: 2 })).toThrow(InputError);
  });

  it('gives the same from a Float32Array, by vectors, as from an array, one by one', () => {
    const few = fc.constantFrom(0, -0, 1, -1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const score = fc.oneof(few, fc.float({ noNaN: true }), fc.float({ max: 0, noNaN: true }));
    const sizes = fc.constantFrom(1, 2, 15, 16, 17, 255, 256, 257, 512, 600);
    const table = sizes.chain((numClasses) =>
      fc.record({
        numClasses: fc.constant(numClasses),
        rows: fc.array(fc.array(score, { minLength: numClasses, maxLength: numClasses }), { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(table, ({ numClasses, rows }) => {
        const scores = rows.flat();
        expect(argmax(Float32Array.from(scores), { numClasses })).toEqual(argmax(scores, { numClasses }));
      }),
    );
  });

  it('does so for rows of one sign, of one value, and with the largest in any place', () => {
    for (const numClasses of [3, 16, 300, 1000])
      for (const [rest, most] of [
        [-2, -1],
        [1, 2],
        [-1, 0],
        [-1, -0],
        [-0, 0],
        [Number.NEGATIVE_INFINITY, -3],
        [4, 4],
      ] as const)
        for (let c = 0; c < numClasses; c += 7) {
          const scores = new Float32Array(numClasses).fill(rest);
          scores[c] = most;
          const [found] = argmax(scores, { numClasses });
          expect(found, `${most} at ${c} of ${numClasses} ${rest}`).toBe(most > rest ? c : 0);
        }
  });

  it('finds a NaN of either sign in any place', () => {
    for (const numClasses of [1, 5, 16, 300])
      for (const nan of [Number.NaN, MINUS_NAN])
        for (const rest of [-1, 0, 1])
          for (let c = 0; c < numClasses; c += 3) {
            const scores = new Float32Array(3 * numClasses).fill(rest);
            scores[numClasses + c] = nan;
            expect(() => argmax(scores, { numClasses })).toThrow(`row 1 has NaN for class ${c}.`);
          }
    expect(argmax(Float32Array.of(0, 1), { numClasses: 2 })).toEqual(Int32Array.of(1));
  });

  it('takes many rows, and rows that no block holds', () => {
    const draw = random(1, 'argmax');
    for (const [rows, numClasses] of [
      [5000, 10],
      [3, 9000],
      [2, 300_000],
    ] as const) {
      const scores = Float32Array.from({ length: rows * numClasses }, () => draw.normal());
      expect(argmax(scores, { numClasses })).toEqual(argmax(Array.from(scores), { numClasses }));
    }
  });

  it('does without WebAssembly where a page must', async () => {
    vi.resetModules();
    vi.stubGlobal('WebAssembly', undefined);
    const { argmax: alone } = await import('../src/argmax.ts');
    const scores = Float32Array.from({ length: 900 }, (_, i) => ((i * 7919) % 601) - 300);
    expect(alone(scores, { numClasses: 300 })).toEqual(argmax(Array.from(scores), { numClasses: 300 }));
    vi.unstubAllGlobals();
  });
});
