/** Headers of Windows and OS/2 bitmaps (BITMAPCOREHEADER to BITMAPV5HEADER), as Pillow's BmpImagePlugin.py takes them. */
import { badPicture, type DecoderOptions, expectPixels, notTaken } from './bad-picture.ts';
import { type PictureBytes, pictureBytes } from './bytes.ts';
import { greyRamp } from './palette.ts';

export interface BmpHeader {
  readonly height: number;
  readonly width: number;
  readonly isTopDown: boolean;
  /** Of a pixel: 1, 4, 8, 16, 24 or 32. */
  readonly bits: number;
  readonly packing: 'none' | 'rle8' | 'rle4';
  /** Which bits of a pixel of more than 8 are red, green and blue. */
  readonly masks: readonly [number, number, number];
  /** RGB of each number of at most 8 bits, shape [256, 3]. */
  readonly palette: Uint8Array;
  /** Where the pixels begin. */
  readonly start: number;
}

const CORE = 12;
const INFO = [40, 52, 56, 64, 108, 124];
const DEPTHS = [1, 4, 8, 16, 24, 32];
const BITFIELDS = 3;
const PACKINGS = ['none', 'rle8', 'rle4', 'none'] as const;
const MASKS: Readonly<Record<number, BmpHeader['masks']>> = {
  16: [0x7c00, 0x3e0, 0x1f],
  24: [0xff0000, 0xff00, 0xff],
  32: [0xff0000, 0xff00, 0xff],
};
const MOST_COLOURS = 256;

/** @throws DataError when the file is cut short, of a variant that is not taken, or of more than `maxPixels` */
export function bmpHeader(file: Uint8Array, options: DecoderOptions): BmpHeader {
  const { source } = options;
  const bytes = pictureBytes(file, { source, start: 10 });
  const stated = bytes.u32();
  const headerSize = bytes.u32();
  const isCore = headerSize === CORE;
  if (!isCore && !INFO.includes(headerSize)) throw badPicture(source, `its header has ${headerSize} bytes`);
  const header = pictureBytes(bytes.take(headerSize - 4), { source });
  const size = isCore
    ? { width: header.u16(), height: header.u16() }
    : { width: header.u32(), height: header.u32() };
  const isTopDown = !isCore && size.height >= 0xff000000;
  if (isTopDown) size.height = 2 ** 32 - size.height;
  expectPixels(size, options);
  header.take(2);
  const bits = header.u16();
  const compression = isCore ? 0 : header.u32();
  const packing = packingOf(compression, bits, source);
  if (!isCore) header.take(12);
  const colours = (isCore ? 0 : header.u32()) || 1 << Math.min(bits, 8);
  const masks =
    compression === BITFIELDS ? statedMasks(headerSize > 40 ? skipped(header) : bytes) : MASKS[bits];
  if (bits > 8 && !isTaken(masks!, bits)) throw notTaken(source, `a bitmap of other colour masks`);
  if (bits > 8)
    return {
      ...size,
      isTopDown,
      bits,
      packing,
      masks: masks!,
      palette: greyRamp(),
      start: stated || bytes.at(),
    };
  const palette = paletteOf(bytes, { colours, entry: isCore ? 3 : 4, source });
  const isBeforePalette = stated === 14 + headerSize;
  return {
    ...size,
    isTopDown,
    bits,
    packing,
    masks: [0, 0, 0],
    palette,
    start: stated && !isBeforePalette ? stated : bytes.at(),
  };
}

function packingOf(compression: number, bits: number, source: string): BmpHeader['packing'] {
  const packing = PACKINGS[compression];
  const isFit = { none: compression === 0 || bits > 8, rle8: bits === 8, rle4: bits === 4 };
  if (!DEPTHS.includes(bits)) throw notTaken(source, `a bitmap of ${bits} bits a pixel`);
  if (packing && isFit[packing]) return packing;
  throw notTaken(source, `a bitmap of compression ${compression} with ${bits} bits a pixel`);
}

/** A longer header holds the masks itself, behind the number of important colours. */
function skipped(header: PictureBytes): PictureBytes {
  header.take(4);
  return header;
}

const statedMasks = (bytes: PictureBytes): [number, number, number] => [
  bytes.u32(),
  bytes.u32(),
  bytes.u32(),
];

/** Whole bytes of 24 and 32 bits; 555 or 565 of 16. */
function isTaken(masks: readonly number[], bits: number): boolean {
  const [red, green, blue] = masks;
  if (bits === 16)
    return (red === 0xf800 && green === 0x7e0 && blue === 0x1f) || masks.every((m, i) => m === MASKS[16]![i]);
  const whole = [0xff, 0xff00, 0xff0000, ...(bits === 32 ? [0xff000000] : [])];
  return masks.every((mask) => whole.includes(mask)) && new Set(masks).size === 3;
}

/** Colours of blue, green, red, and a byte of nothing where an entry has four. */
function paletteOf(
  bytes: PictureBytes,
  { colours, entry, source }: { colours: number; entry: number; source: string },
): Uint8Array {
  if (colours > MOST_COLOURS) throw badPicture(source, `its palette has ${colours} colours`);
  const palette = greyRamp();
  for (let i = 0; i < colours; i++) palette.set(bytes.take(entry).subarray(0, 3).toReversed(), i * 3);
  return palette;
}
