/** The segments before a JPEG's entropy-coded data (ITU T.81, annex B): where its height is written, and EXIF's orientation. */

import { tiffTags } from '../pictures/tiff-tags.ts';

const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
/** EXIF's tag. */
const ORIENTATION = 0x0112;
/** Baseline and extended sequential Huffman; DHT, JPG and DAC are among the numbers around them, but no frame. */
const SEQUENTIAL = [0xc0, 0xc1];
const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/** TEM and RSTn: markers that have neither length nor content. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

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
    if (isBare(marker)) {
      at += 2;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) return;
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

/**
 * Whether the end-of-image marker comes after the first scan begins, where it cannot be part of anything else; EXIF's small
 * picture, before it, has one of its own.
 *
 * @param bytes of which a header was read, up to the first scan
 */
export function endsWell(bytes: Uint8Array): boolean {
  if (bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9) return true;
  let start = 0;
  for (const { marker, at } of segmentsOf(bytes)) if (marker === START_OF_SCAN) start = at;
  const { buffer, byteOffset, length } = bytes;
  return Buffer.from(buffer, byteOffset, length).lastIndexOf(END_OF_IMAGE) >= start;
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

function orientationIn(tiff: Uint8Array): number {
  const value = tiffTags(tiff).get(ORIENTATION)?.value ?? 1;
  return value >= 1 && value <= 8 ? value : 1;
}
