/** Windows bitmaps to RGB as PIL's `convert('RGB')` has them: 1 to 32 bits a pixel, RLE8 and RLE4; alpha is dropped. */
import type { Picture } from '../dataset.ts';
import type { DecoderOptions } from './bad-picture.ts';
import { type BmpHeader, bmpHeader } from './bmp-header.ts';
import { bmpNumbers } from './bmp-runs.ts';
import { type PictureBytes, pictureBytes } from './bytes.ts';
import { lookUp } from './palette.ts';

/** @throws DataError when the file is cut short, of a variant that is not taken, or of more than `maxPixels` */
export function decodeBmp(file: Uint8Array, options: DecoderOptions): Picture {
  const { source } = options;
  const header = bmpHeader(file, options);
  const bytes = pictureBytes(file, { source, start: header.start });
  const { height, width, isTopDown, packing } = header;
  const stored =
    packing === 'none'
      ? storedPixels(bytes, header)
      : lookUp(bmpNumbers(bytes, { source, height, width, isHalf: packing === 'rle4' }), header.palette);
  return { data: isTopDown ? stored : turnedOver(stored, width * 3), height, width, channels: 3 };
}

/** Rows are padded to four bytes, but for the last one's end. */
function storedPixels(bytes: PictureBytes, header: BmpHeader): Uint8Array {
  const { height, width, bits } = header;
  const used = Math.ceil((width * bits) / 8);
  const all = bytes.take((height - 1) * Math.ceil(used / 4) * 4 + used);
  const pixels = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    const line = all.subarray(y * Math.ceil(used / 4) * 4).subarray(0, used);
    pixels.set(
      bits > 8 ? maskedPixels(line, header) : lookUp(numbersOf(line, header), header.palette),
      y * width * 3,
    );
  }
  return pixels;
}

function numbersOf(line: Uint8Array, { width, bits }: BmpHeader): Uint8Array {
  if (bits === 8) return line;
  const each = 8 / bits;
  return Uint8Array.from({ length: width }, (_, x) => {
    const shift = 8 - bits * ((x % each) + 1);
    return (line[Math.trunc(x / each)]! >> shift) & ((1 << bits) - 1);
  });
}

/** A whole byte each, of 24 or 32 bits; or five or six bits of 16, scaled to 255. */
function maskedPixels(line: Uint8Array, { width, bits, masks }: BmpHeader): Uint8Array {
  const pixels = new Uint8Array(width * 3);
  const shifts = masks.map((mask) => 31 - Math.clz32(mask & -mask));
  const step = bits / 8;
  for (const [c, shift] of shifts.entries()) {
    const most = masks[c]! >>> shift;
    for (let x = 0, at = 0; x < width; x++, at += step)
      pixels[x * 3 + c] =
        bits > 16
          ? line[at + shift / 8]!
          : Math.trunc(((((line[at]! + line[at + 1]! * 256) >> shift) & most) * 255) / most);
  }
  return pixels;
}

function turnedOver(pixels: Uint8Array, line: number): Uint8Array {
  const turned = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += line)
    turned.set(pixels.subarray(at, at + line), pixels.length - line - at);
  return turned;
}
