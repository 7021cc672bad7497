/**
 * Colours by number, as PIL has them: beyond those that a file states all are black, but where each stated one is the grey
 * of its number, and then the others are so too.
 */

const COLOURS = 256;

/** @param stated RGB one after another; @returns shape [256, 3] */
export function paletteOf(stated: Uint8Array): Uint8Array {
  const isRamp = stated.every((value, i) => value === Math.trunc(i / 3));
  if (isRamp) return Uint8Array.from({ length: COLOURS * 3 }, (_, i) => Math.trunc(i / 3));
  const palette = new Uint8Array(COLOURS * 3);
  palette.set(stated);
  return palette;
}

/** @param palette shape [256, 3]; @returns RGB of each number, one after another */
export function lookUp(numbers: Uint8Array, palette: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(numbers.length * 3);
  for (let i = 0, to = 0; i < numbers.length; i++) {
    const from = numbers[i]! * 3;
    pixels[to++] = palette[from]!;
    pixels[to++] = palette[from + 1]!;
    pixels[to++] = palette[from + 2]!;
  }
  return pixels;
}
