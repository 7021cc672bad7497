/** The segments before a JPEG's entropy-coded data (ITU T.81, annex B): where its height is written, and EXIF's orientation. */

import { tiffTags } from '../pictures/tiff-tags.ts';

const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
/** EXIF's tag. */
const ORIENTATION = 0x0112;
/** Baseline, and extended sequential by Huffman or arithmetic codes; DHT, JPG and DAC are among the numbers around them, but no frame. */
const SEQUENTIAL = [0xc0, 0xc1, 0xc9];
const SCAN_MARKER = Buffer.of(0xff, START_OF_SCAN);
const END_OF_IMAGE = Buffer.of(0xff, 0xd9);

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);

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

/** The one scan of a sequential picture, of all its components: its rows come one after another. */
export interface SoleScan {
  /** Where the height of the picture stands, 16 bits. A decoder that is told of fewer rows stops after them. */
  readonly heightAt: number;
  /** Whether something like another scan follows, which in this picture is an error; or another picture. */
  readonly isFollowed: boolean;
}

/** @returns undefined where the picture has no such scan */
export function soleScan(bytes: Uint8Array): SoleScan | undefined {
  let frame: Segment | undefined;
  for (const segment of segmentsOf(bytes)) {
    if (SEQUENTIAL.includes(segment.marker)) frame = segment;
    if (segment.marker !== START_OF_SCAN || !frame || bytes[segment.at] !== bytes[frame.at + 5]) continue;
    return { heightAt: frame.at + 1, isFollowed: asBuffer(bytes).includes(SCAN_MARKER, segment.end) };
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
  return asBuffer(bytes).lastIndexOf(END_OF_IMAGE) >= start;
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
