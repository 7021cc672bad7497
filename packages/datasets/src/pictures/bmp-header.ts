/** Headers of Windows and OS/2 bitmaps (BITMAPCOREHEADER to BITMAPV5HEADER), as Pillow's BmpImagePlugin.py takes them. */
import { badPicture, type DecoderOptions, expectPixels, notTaken } from './bad-picture.ts';
import { type PictureBytes, pictureBytes } from './bytes.ts';
import { paletteOf } from './palette.ts';

type Masks = readonly [red: number, green: number, blue: number];

export interface BmpHeader {
  readonly height: number;
  readonly width: number;
  readonly isTopDown: boolean;
  /** Of a pixel: 1, 4, 8, 16, 24 or 32. */
  readonly bits: number;
  readonly packing: 'none' | 'rle8' | 'rle4';
  /** Of a pixel of more than 8 bits: which of them are red, green and blue. */
  readonly masks: Masks;
  /** RGB of each number of at most 8 bits, shape [256, 3]. */
  readonly palette: Uint8Array;
  /** Where the pixels begin. */
  readonly start: number;
}

const FILE_HEADER = 14;
const [CORE, INFO] = [12, 40];
const HEADERS = [CORE, INFO, 52, 56, 64, 108, 124];
const BITFIELDS = 3;
const PACKINGS = ['none', 'rle8', 'rle4', 'none'] as const;
/** By bits of a pixel, where the file states none. */
const MASKS: Readonly<Record<number, Masks>> = {
  16: [0x7c00, 0x3e0, 0x1f],
  24: [0xff0000, 0xff00, 0xff],
  32: [0xff0000, 0xff00, 0xff],
};
const MASKS_565: Masks = [0xf800, 0x7e0, 0x1f];
const DEPTHS = [1, 4, 8, 16, 24, 32];
const MOST_COLOURS = 65536;

/** @throws DataError when the file is cut short, of a variant that is not taken, or of more than `maxPixels` */
export function bmpHeader(file: Uint8Array, options: DecoderOptions): BmpHeader {
  const { source } = options;
  const bytes = pictureBytes(file, { source, start: 10 });
  const stated = bytes.u32();
  const headerSize = bytes.u32();
  if (!HEADERS.includes(headerSize)) throw badPicture(source, `its header has ${headerSize} bytes`);
  const isCore = headerSize === CORE;
  const header = pictureBytes(bytes.take(headerSize - 4), { source });
  const size = sizeOf(header, isCore);
  expectPixels(size, options);
  header.take(2);
  const bits = header.u16();
  const compression = isCore ? 0 : header.u32();
  const packing = packingOf(compression, bits, source);
  header.take(isCore ? 0 : 12);
  const ofPalette = isCore ? 0 : header.u32();
  if (bits > 8) {
    header.take(isCore ? 0 : 4);
    const place = headerSize > INFO ? header : bytes;
    const masks = compression === BITFIELDS ? statedMasks(place, bits, source) : MASKS[bits]!;
    return {
      ...size,
      bits,
      packing,
      masks,
      palette: paletteOf(new Uint8Array(0)),
      start: stated || bytes.at(),
    };
  }
  const colours = ofPalette || 1 << bits;
  if (colours > MOST_COLOURS) throw badPicture(source, `its palette has ${colours} colours`);
  const [at, entry] = [bytes.at(), isCore ? 3 : 4];
  const isStated = stated > 0 && stated !== FILE_HEADER + headerSize;
  const palette = statedPalette(file.subarray(at, at + Math.min(colours, 256) * entry), entry);
  return {
    ...size,
    bits,
    packing,
    masks: MASKS[24]!,
    palette,
    start: isStated ? stated : at + colours * entry,
  };
}

/** A height below zero says that the topmost row comes first. */
function sizeOf(header: PictureBytes, isCore: boolean): Pick<BmpHeader, 'height' | 'width' | 'isTopDown'> {
  const width = isCore ? header.u16() : header.u32();
  const height = isCore ? header.u16() : header.u32();
  const isTopDown = height >= 0xff000000;
  return { width, height: isTopDown ? 2 ** 32 - height : height, isTopDown };
}

function packingOf(compression: number, bits: number, source: string): BmpHeader['packing'] {
  if (!DEPTHS.includes(bits)) throw notTaken(source, `a bitmap of ${bits} bits a pixel`);
  const packing = PACKINGS[compression];
  const isFit = { none: compression === 0 || bits > 8, rle8: bits === 8, rle4: bits === 4 };
  if (packing && isFit[packing]) return packing;
  throw notTaken(source, `a bitmap of compression ${compression} with ${bits} bits a pixel`);
}

/** Whole bytes of 24 and 32 bits, or 555 or 565 of 16; three zeros stand for the usual ones. */
function statedMasks(bytes: PictureBytes, bits: number, source: string): Masks {
  const masks: Masks = [bytes.u32(), bytes.u32(), bytes.u32()];
  const whole = [0xff, 0xff00, 0xff0000, ...(bits === 32 ? [0xff000000] : [])];
  const isWhole = masks.every((mask) => whole.includes(mask)) && new Set(masks).size === 3;
  const is = (other: Masks): boolean => masks.every((mask, c) => mask === other[c]);
  if (bits === 16 ? is(MASKS[16]!) || is(MASKS_565) : isWhole) return masks;
  if (bits === 32 && is([0, 0, 0])) return MASKS[32]!;
  throw notTaken(source, 'a bitmap of other colour masks');
}

/** Colours of blue, green, red, and a byte of nothing where an entry has four; as many as the file has. */
function statedPalette(stated: Uint8Array, entry: number): Uint8Array {
  const values = { length: Math.trunc(stated.length / entry) * 3 };
  return paletteOf(Uint8Array.from(values, (_, i) => stated[Math.trunc(i / 3) * entry + 2 - (i % 3)]!));
}
