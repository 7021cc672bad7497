/** The first directory of a TIFF (TIFF 6.0, section 2): of a file, or of the block that EXIF is. */

export interface TiffTag {
  /** The first value, of whole numbers; 0 for any other type. */
  readonly value: number;
  /** Whether all values lie inside of the file. */
  readonly isWhole: boolean;
}

const SHORT = 3;
const LONG = 4;
/** Bytes of a value by type, 1 to 12. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** @returns what stands under each tag, as far as the directory goes; nothing where there is no directory */
export function tiffTags(tiff: Uint8Array): Map<number, TiffTag> {
  const tags = new Map<number, TiffTag>();
  if (tiff.length < 8) return tags;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const isLittle = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return tags;
  const entries = view.getUint16(directory, isLittle);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= tiff.length; i++, at += 12) {
    const type = view.getUint16(at + 2, isLittle);
    const size = (SIZES[type] ?? 0) * view.getUint32(at + 4, isLittle);
    const place = size > 4 ? view.getUint32(at + 8, isLittle) : at + 8;
    const isWhole = place + size <= tiff.length;
    const read = type === SHORT ? view.getUint16 : type === LONG ? view.getUint32 : undefined;
    const value = read && isWhole && size > 0 ? read.call(view, place, isLittle) : 0;
    tags.set(view.getUint16(at, isLittle), { value, isWhole });
  }
  return tags;
}
