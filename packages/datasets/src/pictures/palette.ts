/** Colours by number, as PIL has them: beyond the ones that a file states, number i is the grey of i. */

/** Shape [256, 3]. */
export function greyRamp(): Uint8Array {
  return Uint8Array.from({ length: 768 }, (_, i) => Math.trunc(i / 3));
}

/** @param colours shape [256, 3]; @returns RGB of each number, one after another */
export function lookUp(numbers: Uint8Array, colours: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(numbers.length * 3);
  for (let i = 0, to = 0; i < numbers.length; i++) {
    const from = numbers[i]! * 3;
    pixels[to++] = colours[from]!;
    pixels[to++] = colours[from + 1]!;
    pixels[to++] = colours[from + 2]!;
  }
  return pixels;
}
