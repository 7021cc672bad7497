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
    blendWithLuma(data, scaled, multiples(rest));
    return;
  }
  const other = change === 'contrast' ? rest * fround(meanLuma(data)) : 0;
  const table = Uint8Array.from(scaled, (value) => toByte(fround(value + other)));
  for (let i = 0; i < data.length; i++) data[i] = table[data[i]!]!;
}

const multiples = (factor: number): Float32Array => Float32Array.from({ length: 256 }, (_, i) => i * factor);
const toByte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value));

/** floor(.2989 r + .587 g + .114 b): a float32 product, then two fused multiply-adds, as ATen computes it. */
const luma = (data: Uint8Array, at: number): number =>
  Math.floor(fround(fround(fround(RED * data[at]!) + GREEN * data[at + 1]!) + BLUE * data[at + 2]!));

function meanLuma(data: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 3) sum += luma(data, at);
  return sum / (data.length / 3);
}

function blendWithLuma(data: Uint8Array, scaled: Float32Array, rest: Float32Array): void {
  const shares = Float64Array.from(rest);
  for (let at = 0; at < data.length; at += 3) {
    const share = shares[luma(data, at)]!;
    data[at] = toByte(scaled[data[at]!]! + share);
    data[at + 1] = toByte(scaled[data[at + 1]!]! + share);
    data[at + 2] = toByte(scaled[data[at + 2]!]! + share);
  }
}
