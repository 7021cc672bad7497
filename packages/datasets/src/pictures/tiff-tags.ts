/** Numbers of a TIFF's first directory (TIFF 6.0, section 2): of a file, or of the block that EXIF is. */

const SHORT = 3;
const LONG = 4;

/** @returns the first value of a tag of whole numbers; undefined where there is none, or the directory is damaged */
export function tiffNumber(tiff: Uint8Array, tag: number): number | undefined {
  if (tiff.length < 8) return undefined;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const isLittle = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return undefined;
  const entries = view.getUint16(directory, isLittle);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, isLittle) !== tag) continue;
    const type = view.getUint16(at + 2, isLittle);
    if (type === SHORT) return view.getUint16(at + 8, isLittle);
    return type === LONG ? view.getUint32(at + 8, isLittle) : undefined;
  }
  return undefined;
}
