/**
 * The hue of a picture turned, its value and saturation kept (torchvision's v2.adjust_hue on uint8 tensors). With v the
 * largest of a pixel's three, c = v - the smallest, and the hue h in [0, 6):
 *   x_n = v - c clamp(min(k, 4 - k), 0, 1),  k = (n + h) mod 6,  n = 5, 3, 1 for red, green and blue
 * in doubles where torchvision has float32, so that of many bytes one may be another by 1.
 */
const PLACES = [5, 3, 1] as const;
/** torchvision truncates what it has scaled by 255.999. */
const SCALE = 255.999 / 255;

/** h of a pixel whose channels differ. */
function hueOf(red: number, green: number, blue: number, v: number, c: number): number {
  if (v === red) return (green - blue) / c;
  return v === green ? 2 + (blue - red) / c : 4 + (red - green) / c;
}

/**
 * @param data RGB bytes, changed in place
 * @param turn of the colour circle, -0.5..0.5
 */
export function turnHue(data: Uint8Array, turn: number): void {
  for (let at = 0; at < data.length; at += 3) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    const v = Math.max(red, green, blue);
    const c = v - Math.min(red, green, blue);
    if (c === 0) continue;
    const h = hueOf(red, green, blue, v, c) + 6 * turn + 12; // above 0, as % wants it
    for (let channel = 0; channel < 3; channel++) {
      const k = (PLACES[channel]! + h) % 6;
      data[at + channel] = SCALE * (v - c * Math.max(0, Math.min(k, 4 - k, 1)));
    }
  }
}
