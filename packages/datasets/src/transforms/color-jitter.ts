/**
 * Colour jitter (Krizhevsky et al. 2012 in spirit; torchvision's v2.ColorJitter on uint8 tensors, to the bit): each
 * change is a blend, clamp(f * x + (1 - f) * other) truncated to a byte, in float32, with `other`
 *   brightness  0
 *   contrast    the mean of the picture's luma
 *   saturation  the pixel's luma
 * and luma = floor(.2989 r + .587 g + .114 b); the hue is turned (hue.ts).
 */
import { checkNumbers, checkOneOf, checkOptions, InputError, type Random } from '@longtail/core';
import type { Picture } from '../dataset.ts';
import { type Transform, transformOf } from '../transform.ts';
import { turnHue } from './hue.ts';

export type Change = 'brightness' | 'contrast' | 'saturation' | 'hue';
const CHANGES: readonly Change[] = ['brightness', 'contrast', 'saturation', 'hue'];
const { fround } = Math;
const [RED, GREEN, BLUE] = [fround(0.2989), fround(0.587), fround(0.114)];
const BITS = 22;
const UNITS = 2 ** BITS;
/** More than float32 is off by, of a sum below 256. */
const NEAR = UNITS / 1024;
const inUnits = (weight: number): Int32Array =>
  Int32Array.from({ length: 256 }, (_, value) => Math.round(weight * value * UNITS));
const [RED_UNITS, GREEN_UNITS, BLUE_UNITS] = [inUnits(RED), inUnits(GREEN), inUnits(BLUE)];

/**
 * Brightness, contrast and saturation by factors uniform in [max(0, 1 - x), 1 + x], the hue by a turn uniform in [-x, x], in
 * random order.
 *
 * @param options x of each, 0 for not at all; of the hue at most 0.5, half the colour circle
 * @throws InputError for another change, a negative number or a hue above 0.5, or a picture that is not RGB
 */
export function colorJitter(options: { [change in Change]?: number }): Transform {
  checkOptions(options, { of: 'colorJitter' });
  for (const [change, most] of Object.entries(options)) {
    checkOneOf({ 'a change of colorJitter': change }, CHANGES);
    const limits = change === 'hue' ? { least: 0, most: 0.5 } : { least: 0 };
    if (most !== undefined) checkNumbers({ [`the ${change} of colorJitter`]: most }, limits);
  }
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
    const [low, high] = change === 'hue' ? [-most, most] : [Math.max(0, 1 - most), 1 + most];
    if (most > 0) drawn.push([change, low + (high - low) * random.uniform()]);
  }
  return random.shuffle(drawn);
}

/** One change of a picture, in place. @throws InputError for a picture that is not RGB */
export function changeColors({ data, channels }: Picture, change: Change, factor: number): void {
  if (channels !== 3)
    throw new InputError(`colours are changed in pictures of 3 channels, but this one has ${channels}.`, {
      channels,
    });
  if (change === 'hue') turnHue(data, factor);
  else if (change === 'saturation') saturate(data, factor);
  else recolour(data, factor, change === 'contrast' ? fround(meanLuma(data)) : 0);
}

/** One of 256 bytes each: a table. */
function recolour(data: Uint8Array, factor: number, other: number): void {
  const table = new Uint8Array(256);
  blend(table, 0, factor, other);
  for (let i = 0; i < data.length; i++) data[i] = table[data[i]!]!;
}

/** One of 256 bytes with one of 256 lumas: a table, too. */
function saturate(data: Uint8Array, factor: number): void {
  const table = new Uint8Array(256 * 256);
  for (let other = 0; other < 256; other++) blend(table, other * 256, factor, other);
  const { length } = data;
  for (let at = 0; at < length; at += 3) {
    const red = data[at]!;
    const green = data[at + 1]!;
    const blue = data[at + 2]!;
    const row = luma(red, green, blue) << 8;
    data[at] = table[row | red]!;
    data[at + 1] = table[row | green]!;
    data[at + 2] = table[row | blue]!;
  }
}

/** The blends of 0..255 with `other`: a float32 product, then a fused multiply-add, as ATen computes them. */
function blend(table: Uint8Array, at: number, factor: number, other: number): void {
  const [scale, share] = [fround(factor), fround(1 - factor) * other];
  for (let value = 0; value < 256; value++) {
    const whole = fround(fround(value * scale) + share) | 0;
    table[at + value] = Math.max(0, Math.min(255, whole));
  }
}

/** floor(.2989 r + .587 g + .114 b), by the products in units of 2^-22. */
function luma(red: number, green: number, blue: number): number {
  const sum = (RED_UNITS[red]! + GREEN_UNITS[green]! + BLUE_UNITS[blue]!) | 0;
  const rest = sum & (UNITS - 1);
  if (rest > NEAR && rest < UNITS - NEAR) return sum >> BITS;
  // So near a whole number that the rounding of float32, a product and two fused multiply-adds, decides.
  return Math.floor(fround(fround(fround(RED * red) + GREEN * green) + BLUE * blue));
}

function meanLuma(data: Uint8Array): number {
  let sum = 0;
  const { length } = data;
  for (let at = 0; at < length; at += 3) sum += luma(data[at]!, data[at + 1]!, data[at + 2]!);
  return sum / (length / 3);
}
