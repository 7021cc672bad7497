/** Run-length codes of bitmaps, BI_RLE8 and BI_RLE4, read as Pillow's BmpRleDecoder does. */
import { badPicture } from './bad-picture.ts';
import type { PictureBytes } from './bytes.ts';

const END_OF_LINE = 0;
const END_OF_PICTURE = 1;
const DELTA = 2;

/**
 * @param bytes at the first code
 * @param options.isHalf two numbers a byte
 * @returns the number of every pixel, in the order of the file's rows
 * @throws DataError when the codes end before the pixels do
 */
export function bmpNumbers(
  bytes: PictureBytes,
  { source, height, width, isHalf }: { source: string; height: number; width: number; isHalf: boolean },
): Uint8Array {
  const numbers = new Uint8Array(height * width);
  let [written, x] = [0, 0];
  while (written < numbers.length) {
    const [count, value] = bytes.take(2) as Uint8Array & [number, number];
    if (count > 0) {
      const kept = Math.min(count, Math.max(0, width - x));
      for (let i = 0; i < kept; i++) numbers[written + i] = isHalf ? nibble(value, i) : value;
      written += kept;
      x += kept;
    } else if (value === END_OF_LINE) {
      written = Math.ceil(written / width) * width;
      x = 0;
    } else if (value === END_OF_PICTURE) {
      throw badPicture(source, `it has ${written} of ${numbers.length} pixels`);
    } else if (value === DELTA) {
      written += bytes.u8() + bytes.u8() * width;
      x = written % width;
    } else {
      const kept = Math.min(value, numbers.length - written);
      const stored = bytes.take(isHalf ? Math.ceil(kept / 2) : kept);
      for (let i = 0; i < kept; i++) numbers[written + i] = isHalf ? nibble(stored[i >> 1]!, i) : stored[i]!;
      written += kept;
      x += value;
      if (written < numbers.length && bytes.at() % 2 > 0) bytes.take(1);
    }
  }
  return numbers;
}

const nibble = (byte: number, i: number): number => (i % 2 === 0 ? byte >> 4 : byte & 15);
