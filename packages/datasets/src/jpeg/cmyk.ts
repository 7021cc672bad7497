/** Pillow's Convert.c, `cmyk2rgb`, of samples that Adobe stores inverted: 255 - k - (255 - k) * c / 255. */
export function fromCmyk(samples: Uint8Array, pixels: Uint8Array): void {
  for (let at = 0, to = 0; at < samples.length; at += 4, to += 3)
    for (let c = 0; c < 3; c++) {
      const light = samples[at + 3]!;
      const product = (255 - samples[at + c]!) * light + 128;
      pixels[to + c] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
}
