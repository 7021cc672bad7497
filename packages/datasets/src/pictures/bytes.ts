/** Bytes of a picture one after another, little-endian, never past their end. */
import { badPicture } from './bad-picture.ts';

export interface PictureBytes {
  /** Where the next byte lies. */
  at(): number;
  isAtEnd(): boolean;
  u8(): number;
  u16(): number;
  u32(): number;
  /** @returns a view of the next ones */
  take(count: number): Uint8Array;
}

/** @throws DataError naming `source`, from each function, when the bytes end before */
export function pictureBytes(
  bytes: Uint8Array,
  { source, start = 0 }: { source: string; start?: number },
): PictureBytes {
  let next = start;
  const take = (count: number): Uint8Array => {
    if (!(next + count <= bytes.length)) throw badPicture(source, 'it is cut short');
    next += count;
    return bytes.subarray(next - count, next);
  };
  const number = (count: number): number => take(count).reduceRight((sum, byte) => sum * 256 + byte, 0);
  return {
    at: () => next,
    isAtEnd: () => next >= bytes.length,
    u8: () => number(1),
    u16: () => number(2),
    u32: () => number(4),
    take,
  };
}
