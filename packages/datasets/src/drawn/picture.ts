/** One drawn picture: a figure in some pose and light, over a background, among clutter, seen with noise. */
import type { Random } from '@longtail/core';
import { hsv, mix, type Rgb } from './color.ts';
import type { Shape } from './shapes.ts';
import type { Texture } from './textures.ts';

export const SIZE = 32;

/** What makes the class; everything else is drawn anew for each picture. */
export interface Motif {
  readonly shape: Shape;
  readonly texture: Texture;
  /** Degrees on the colour wheel: from, to. */
  readonly hues: readonly [number, number];
}

/** Red, green and blue of each pixel, 0..1, row by row. */
type Canvas = Float64Array;
/** Uniform in [low, high). */
type Between = (low: number, high: number) => number;

/** Every pixel, by its place in a canvas and its centre. */
function each(visit: (place: number, x: number, y: number) => void): void {
  for (let i = 0; i < SIZE * SIZE; i++) visit(3 * i, (i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5);
}

/** How much of a pixel lies inside an outline that is `distance` pixels away. */
const cover = (distance: number): number => Math.min(1, Math.max(0, 0.5 - distance));

function blend(canvas: Canvas, place: number, color: Rgb, amount: number): void {
  for (let k = 0; k < 3; k++) canvas[place + k]! += (color[k]! - canvas[place + k]!) * amount;
}

/** From about 0 to 1 across the picture, in any direction. */
function gradient(between: Between): (x: number, y: number) => number {
  const angle = between(0, 2 * Math.PI);
  const [dx, dy] = [Math.cos(angle) / SIZE, Math.sin(angle) / SIZE];
  return (x, y) => 0.5 + (x - SIZE / 2) * dx + (y - SIZE / 2) * dy;
}

function paintGround(canvas: Canvas, between: Between): void {
  const ground = () => hsv(between(0, 360), between(0, 0.5), between(0.15, 0.95));
  const [near, far, across] = [ground(), ground(), gradient(between)];
  each((place, x, y) => blend(canvas, place, mix(near, far, across(x, y)), 1));
}

/** A patch or a bar of any colour, anywhere. */
function paintClutter(canvas: Canvas, between: Between): void {
  const [cx, cy, angle] = [between(0, SIZE), between(0, SIZE), between(0, Math.PI)];
  const [length, width] = [between(2, 7), between(0.7, 2.2)];
  const color = hsv(between(0, 360), between(0.3, 0.9), between(0.3, 1));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  each((place, x, y) => {
    const [dx, dy] = [x - cx, y - cy];
    const along = Math.max(0, Math.abs(dx * cos + dy * sin) - length);
    const amount = cover(Math.hypot(along, dy * cos - dx * sin) - width);
    if (amount > 0) blend(canvas, place, color, amount);
  });
}

/** Two tones of one hue, the brighter one below or above. */
function tones(hues: Motif['hues'], between: Between): [Rgb, Rgb] {
  const [hue, saturation, value] = [between(...hues), between(0.4, 0.95), between(0.55, 1)];
  const bright = hsv(hue, saturation, value);
  const dark = hsv(hue + between(-15, 15), saturation * between(0.3, 1), value * between(0.3, 0.6));
  return between(0, 1) < 0.5 ? [bright, dark] : [dark, bright];
}

function paintFigure(canvas: Canvas, { shape, texture, hues }: Motif, between: Between): void {
  const radius = between(10, 13.5);
  const room = SIZE / 2 - 0.75 * radius;
  const [cx, cy] = [SIZE / 2 + between(-room, room), SIZE / 2 + between(-room, room)];
  const [angle, squeeze, lean] = [between(-0.35, 0.35), between(0.88, 1), between(-0.1, 0.1)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [period, phase, turn] = [between(4, 6.5), between(0, 8), between(0, Math.PI)];
  const [turnCos, turnSin] = [Math.cos(turn), Math.sin(turn)];
  const [lower, upper] = tones(hues, between);
  each((place, x, y) => {
    const [dx, dy] = [x - cx, y - cy];
    const u = (dx * cos + dy * sin) / radius;
    const v = (dy * cos - dx * sin) / (radius * squeeze) + lean * u;
    const amount = cover(shape(u, v) * radius * squeeze);
    if (amount === 0) return;
    const t = texture(dx * turnCos + dy * turnSin + phase, dy * turnCos - dx * turnSin + phase, period);
    blend(canvas, place, mix(lower, upper, t), amount);
  });
}

/** Nearly normal, deviation 1, |value| < 3.5: the sum of four random bytes, in a fifth of the time of Box-Muller. */
function grain({ bits }: Random): number {
  const four = bits();
  return ((four & 255) + ((four >>> 8) & 255) + ((four >>> 16) & 255) + (four >>> 24) - 510) / 147.8;
}

/**
 * @param motif what the class prescribes
 * @param random the picture's own stream
 * @returns RGB bytes, shape [32, 32, 3]
 */
export function drawPicture(motif: Motif, random: Random): Uint8Array {
  const between: Between = (low, high) => low + (high - low) * random.uniform();
  const canvas = new Float64Array(SIZE * SIZE * 3);
  paintGround(canvas, between);
  for (let below = 1 + random.integer(3); below > 0; below--) paintClutter(canvas, between);
  paintFigure(canvas, motif, between);
  for (let above = random.integer(2); above > 0; above--) paintClutter(canvas, between);
  const [shadow, light, noise] = [between(0, 0.35), gradient(between), between(0.01, 0.04)];
  const pixels = new Uint8Array(canvas.length);
  each((place, x, y) => {
    const shade = 1 - shadow * light(x, y);
    for (let k = place; k < place + 3; k++)
      pixels[k] = Math.round(255 * Math.min(1, Math.max(0, canvas[k]! * shade + noise * grain(random))));
  });
  return pixels;
}
