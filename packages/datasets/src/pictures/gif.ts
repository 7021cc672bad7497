/**
 * GIF's first frame to RGB as PIL's `convert('RGB')` has it (GIF89a specification; Pillow's GifImagePlugin.py): a colour
 * stays what the palette says though it is marked transparent, and around a frame that is smaller than the screen lies
 * the transparent colour, or number 0.
 */
import type { Picture } from '../dataset.ts';
import { badPicture, type DecoderOptions, expectPixels } from './bad-picture.ts';
import { type PictureBytes, pictureBytes } from './bytes.ts';
import { gifNumbers } from './gif-codes.ts';
import { lookUp, paletteOf } from './palette.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
/** Rows of an interlaced frame: from which on, and how far apart. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

interface Frame {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly flags: number;
}

/** @throws DataError when the file is cut short, damaged, or of more than `maxPixels` */
export function decodeGif(file: Uint8Array, options: DecoderOptions): Picture {
  const { source } = options;
  const bytes = pictureBytes(file, { source, start: 6 });
  const screen = { width: bytes.u16(), height: bytes.u16() };
  const flags = bytes.u8();
  bytes.take(2);
  const shared = colours(bytes, flags);
  const background = toImage(bytes, source);
  const [left, top, width, height] = [bytes.u16(), bytes.u16(), bytes.u16(), bytes.u16()];
  const frame: Frame = { left, top, width, height, flags: bytes.u8() };
  const own = colours(bytes, frame.flags);
  const size = { height: Math.max(screen.height, top + height), width: Math.max(screen.width, left + width) };
  expectPixels(frame, options);
  expectPixels(size, options);
  const bits = bytes.u8();
  if (bits > 8) throw badPicture(source, `its codes begin with ${bits} bits`);
  const numbers = gifNumbers(bytes, { source, width: bits, count: width * height });
  return {
    data: lookUp(placed(numbers, frame, size, background), own ?? shared ?? paletteOf(new Uint8Array(0))),
    ...size,
    channels: 3,
  };
}

function colours(bytes: PictureBytes, flags: number): Uint8Array | undefined {
  if ((flags & 128) === 0) return undefined;
  return paletteOf(bytes.take(3 << ((flags & 7) + 1)));
}

/** Past the extensions, to behind the mark of the first image. @returns the transparent colour's number, or 0 */
function toImage(bytes: PictureBytes, source: string): number {
  let transparent = 0;
  for (;;) {
    const mark = bytes.u8();
    if (mark === IMAGE) return transparent;
    if (mark === TRAILER) throw badPicture(source, 'there is no image in it');
    if (mark !== EXTENSION) continue;
    const isControl = bytes.u8() === GRAPHIC_CONTROL;
    const [flags = 0, , , number = 0] = firstBlock(bytes);
    if (isControl && flags & 1) transparent = number;
  }
}

/** Of an extension, past all of it. */
function firstBlock(bytes: PictureBytes): Uint8Array {
  const first = bytes.take(bytes.u8());
  for (let block = first; block.length > 0; ) block = bytes.take(bytes.u8());
  return first;
}

/** The frame's numbers on a screen of `background`. */
function placed(
  numbers: Uint8Array,
  { top, left, height, width, flags }: Frame,
  screen: { height: number; width: number },
  background: number,
): Uint8Array {
  const all = new Uint8Array(screen.height * screen.width).fill(background);
  const isInterlaced = (flags & 64) !== 0;
  let row = 0;
  for (const [first, step] of isInterlaced ? PASSES : ([[0, 1]] as const))
    for (let y = first; y < height; y += step, row++)
      all.set(numbers.subarray(row * width, (row + 1) * width), (top + y) * screen.width + left);
  return all;
}
