/** From the bytes of pictures to the elements of a model's input. */
import type { Statistics } from '../statistics.ts';
import { float16Bits } from './float16.ts';
import type { Input } from './input.ts';

export type Elements = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

const ARRAYS = { float32: Float32Array, float16: Uint16Array, uint8: Uint8Array } as const;

/** The element of each byte in each channel, [3, 256]: no picture has more than these. Halves are their bits. */
export function elementTable(type: Input['type'], statistics: Statistics | undefined): Elements {
  const table = new ARRAYS[type](3 * 256);
  for (let c = 0; c < 3; c++)
    for (let byte = 0; byte < 256; byte++) {
      const value = statistics
        ? normalised(byte, { mean: statistics.mean[c]!, std: statistics.std[c]! })
        : byte;
      table[c * 256 + byte] = type === 'float16' ? float16Bits(value) : value;
    }
  return table;
}

/** Rounded at each step, as float32 arithmetic does. */
function normalised(byte: number, { mean, std }: { mean: number; std: number }): number {
  return Math.fround(Math.fround(Math.fround(byte / 255) - Math.fround(mean)) / Math.fround(std));
}

/**
 * @param pixels of at most `count` pictures, NHWC
 * @param options.places height * width
 * @returns `count` pictures in the input's layout; those that there are no pixels of are zeros
 */
export function elementsOf(
  pixels: Uint8Array,
  {
    table,
    layout,
    count,
    places,
  }: { table: Elements; layout: Input['layout']; count: number; places: number },
): Elements {
  const elements = new (table.constructor as new (length: number) => Elements)(count * places * 3);
  const [step, apart] = layout === 'nhwc' ? [3, 1] : [1, places];
  for (let from = 0, picture = 0; from < pixels.length; picture += places * 3)
    for (let place = 0; place < places; place++)
      for (let c = 0; c < 3; c++)
        elements[picture + place * step + c * apart] = table[c * 256 + pixels[from++]!]!;
  return elements;
}
