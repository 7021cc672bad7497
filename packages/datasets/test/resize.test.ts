import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler } from '../src/resize/resampler.ts';
import { bilinearTaps } from '../src/resize/taps.ts';
import { sourceOf, type View, wholeView } from '../src/view.ts';
import { kernelModule } from './build-kernel.ts';
import { pattern } from './pattern.ts';

/** One region of a picture as a decoder would leave it. */
function cut(pixels: Uint8Array, width: number, region: ReturnType<typeof sourceOf>): Uint8Array {
  const rows = Array.from({ length: region.height }, (_, y) => {
    const at = ((region.top + y) * width + region.left) * 3;
    return pixels.subarray(at, at + region.width * 3);
  });
  return Uint8Array.from(Buffer.concat(rows));
}

const resampler = createResampler();

/** The view computed from nothing but the region it says it needs. */
function resized(pixels: Uint8Array, width: number, view: View): Uint8Array {
  const region = sourceOf(view);
  const bytes = cut(pixels, width, region);
  resampler.input(bytes.length).set(bytes);
  return resampler.resize(region, view).slice();
}

const size = fc.integer({ min: 1, max: 40 });

describe('the antialiased resize', () => {
  const { cases } = JSON.parse(readFileSync(new URL('./golden/resize.json', import.meta.url), 'utf8')) as {
    cases: { from: [number, number]; to: [number, number]; mirrored: boolean; pixels: string }[];
  };

  it.each(cases)("is ATen's to the bit: $from to $to, mirrored $mirrored", (golden) => {
    const [height, width] = golden.from;
    const window = { top: 0, left: 0, height: golden.to[0], width: golden.to[1] };
    const view = {
      ...wholeView(height, width),
      ...{ height: window.height, width: window.width, window, mirrored: golden.mirrored },
    };
    expect(Buffer.from(resized(pattern(height, width), width, view))).toEqual(
      Buffer.from(golden.pixels, 'base64'),
    );
  });

  it('of a window needs only the region that sourceOf names, and equals the same part of the whole', () => {
    fc.assert(
      fc.property(size, size, size, size, fc.infiniteStream(fc.nat()), (height, width, h, w, numbers) => {
        const next = (below: number) => numbers.next().value! % below;
        const pixels = pattern(height, width);
        const whole = { ...wholeView(height, width), height: h, width: w };
        const all = resized(pixels, width, { ...whole, window: { top: 0, left: 0, height: h, width: w } });
        const [top, left] = [next(h), next(w)];
        const window = { top, left, height: 1 + next(h - top), width: 1 + next(w - left) };
        expect(resized(pixels, width, { ...whole, window })).toEqual(cut(all, w, window));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('has weights that sum to one at every place', () => {
    fc.assert(
      fc.property(size, size, (inputs, outputs) => {
        const { weights, taps, precision } = bilinearTaps(inputs, outputs);
        for (let i = 0; i < outputs; i++) {
          const sum = weights.subarray(i * taps, (i + 1) * taps).reduce((a, b) => a + b, 0);
          expect(Math.abs(sum - 2 ** precision)).toBeLessThanOrEqual(taps / 2); // each rounded to half a unit
        }
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('runs the module that kernel.wat describes', async () => {
    const committed = readFileSync(new URL('../src/resize/kernel-wasm.ts', import.meta.url), 'utf8');
    expect(committed).toBe(await kernelModule());
  });
});
