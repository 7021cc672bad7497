/**
 * Colour jitter (Krizhevsky et al. 2012 in spirit; torchvision's v2.ColorJitter on uint8 tensors, to the bit): each
 * change is a blend, clamp(f * x + (1 - f) * other) truncated to a byte, in float32, with `other`
 *   brightness  0
 *   contrast    the mean of the picture's luma
 *   saturation  the pixel's luma
 * and luma = floor(.2989 r + .587 g + .114 b). Hue, which no paper here changes, is left alone.
 */
import { InputError, type Random } from '@longtail/core';
import type { Picture } from '../dataset.ts';
import { type Transform, transformOf } from '../transform.ts';

export type Change = 'brightness' | 'contrast' | 'saturation';
const CHANGES: readonly Change[] = ['brightness', 'contrast', 'saturation'];
const { fround } = Math;
const [RED, GREEN, BLUE] = [fround(0.2989), fround(0.587), fround(0.114)];
/** More than float32 is off by, of a sum below 256. */
const NEAR = 1e-3;

/**
 * Brightness, contrast and saturation by factors uniform in [max(0, 1 - x), 1 + x], in random order.
 *
 * @param options how far each may go, 0 for not at all
 * @throws InputError for a negative number, or a picture that is not RGB
 */
export function colorJitter(options: { [change in Change]?: number }): Transform {
  for (const change of CHANGES)
    if (!((options[change] ?? 0) >= 0))
      throw new InputError(`colorJitter takes a ${change} >= 0, but got ${options[change]}.`, { change });
  return transformOf({
    call: { name: 'colorJitter', given: [options] },
    pixels(picture, random) {
      const changed = { ...picture, data: picture.data.slice() };
      for (const [change, factor] of drawChanges(options, random)) changeColors(changed, change, factor);
      return changed;
    },
  });
}

function drawChanges(options: { [change in Change]?: number }, random: Random): [Change, number][] {
  const drawn: [Change, number][] = [];
  for (const change of CHANGES) {
    const most = options[change] ?? 0;
    const low = Math.max(0, 1 - most);
    if (most > 0) drawn.push([change, low + (1 + most - low) * random.uniform()]);
  }
  return random.shuffle(drawn);
}

/** One change of a picture, in place. @throws InputError for a picture that is not RGB */
export function changeColors({ data, channels }: Picture, change: Change, factor: number): void {
  if (channels !== 3)
    throw new InputError(`colours are changed in pictures of 3 channels, but this one has ${channels}.`, {
      channels,
    });
  const scaled = multiples(fround(factor));
  const rest = fround(1 - factor);
  if (change === 'saturation') {
    blendWithLuma(data, scaled, multiples(rest, Float64Array));
    return;
  }
  const other = change === 'contrast' ? rest * fround(meanLuma(data)) : 0;
  const table = new Uint8Array(256);
  for (let i = 0; i < 256; i++) table[i] = toByte(fround(scaled[i]! + other));
  for (let i = 0; i < data.length; i++) data[i] = table[data[i]!]!;
}

/** Of 0..255. A product that goes into a fused multiply-add is not rounded: `Kind` Float64Array. */
function multiples(
  factor: number,
  Kind: typeof Float32Array | typeof Float64Array = Float32Array,
): FloatArray {
  const table = new Kind(256);
  for (let i = 0; i < 256; i++) table[i] = i * factor;
  return table;
}
type FloatArray = Float32Array | Float64Array;

const toByte = (value: number): number => Math.max(0, Math.min(255, value | 0));

/** floor(.2989 r + .587 g + .114 b): a float32 product, then two fused multiply-adds, as ATen computes it. */
function luma(red: number, green: number, blue: number): number {
  const value = RED * red + GREEN * green + BLUE * blue;
  const whole = value | 0;
  const rest = value - whole;
  if (rest > NEAR && rest < 1 - NEAR) return whole;
  // So near a whole number that float32's rounding decides.
  return Math.floor(fround(fround(fround(RED * red) + GREEN * green) + BLUE * blue));
}

function meanLuma(data: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 3) sum += luma(data[at]!, data[at + 1]!, data[at + 2]!);
  return sum / (data.length / 3);
}

function blendWithLuma(data: Uint8Array, scaled: FloatArray, shares: FloatArray): void {
  for (let at = 0; at < data.length; at += 3) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    const share = shares[luma(red, green, blue)]!;
    data[at] = toByte(fround(scaled[red]! + share));
    data[at + 1] = toByte(fround(scaled[green]! + share));
    data[at + 2] = toByte(fround(scaled[blue]! + share));
  }
}
