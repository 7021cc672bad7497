/** The segments before a JPEG's entropy-coded data (ITU T.81, annex B): where its height is written, and EXIF's orientation. */

const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
/** Baseline and extended sequential Huffman; DHT, JPG and DAC are among the numbers around them, but no frame. */
const SEQUENTIAL = [0xc0, 0xc1];

interface Segment {
  readonly marker: number;
  /** Where its content begins, after the length. */
  readonly at: number;
  readonly end: number;
}

function* segmentsOf(bytes: Uint8Array): Generator<Segment, void, undefined> {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // padding
      continue;
    }
    const end = at + 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (end > bytes.length) return;
    yield { marker, at: at + 4, end };
    if (marker === START_OF_SCAN) return;
    at = end;
  }
}

/**
 * Where the height of a picture stands, 16 bits, if its rows come one after another in a single scan: then a decoder that
 * is told of fewer rows stops after them.
 */
export function heightPlace(bytes: Uint8Array): number | undefined {
  let frame: Segment | undefined;
  for (const segment of segmentsOf(bytes)) {
    if (SEQUENTIAL.includes(segment.marker)) frame = segment;
    if (segment.marker === START_OF_SCAN && frame && bytes[segment.at] === bytes[frame.at + 5])
      return frame.at + 1;
  }
  return undefined;
}

/** EXIF's orientation, 1..8; 1 where there is none. */
export function orientationOf(bytes: Uint8Array): number {
  for (const { marker, at, end } of segmentsOf(bytes))
    if (
      marker === APP1 &&
      end - at > 14 &&
      Buffer.from(bytes.subarray(at, at + 6)).toString('latin1') === 'Exif\0\0'
    )
      return orientationIn(bytes.subarray(at + 6, end));
  return 1;
}

/** Of a TIFF header and its first directory. */
function orientationIn(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const isLittle = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, isLittle);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= tiff.length; i++, at += 12)
    if (view.getUint16(at, isLittle) === 0x0112) {
      const value = view.getUint16(at + 8, isLittle);
      return value >= 1 && value <= 8 ? value : 1;
    }
  return 1;
}
