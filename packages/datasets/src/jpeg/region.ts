/**
 * How little of a JPEG has to be decoded for a region to be, pixel for pixel, as in the whole picture. Entropy coding is serial,
 * and most of the time: rows above the region can only be skipped, but decoding may stop after it.
 */
import type { Region } from '../view.ts';
import { heightPlace } from './markers.ts';

export interface JpegHeader {
  readonly height: number;
  readonly width: number;
  readonly isCmyk: boolean;
  /** TJSAMP_*; -1 for any other */
  readonly subsampling: number;
}

/** Width and height of an iMCU by TJSAMP_* (4:4:4, 4:2:2, 4:2:0, grey, 4:4:0, 4:1:1, 4:4:1). */
const UNIT_WIDTH = [8, 16, 16, 8, 8, 32, 8];
const UNIT_HEIGHT = [8, 8, 16, 8, 16, 8, 32];

/**
 * What has to be decoded for a region to be as in the whole picture: the grid's columns from its left edge on, and two
 * pixels around it, since the smooth chroma of a pixel is taken from its neighbours too.
 */
export function onGrid({ height, width, subsampling, isCmyk }: JpegHeader, region: Region): Region {
  const unit = UNIT_WIDTH[subsampling];
  if (unit === undefined || isCmyk) return { top: 0, left: 0, height, width };
  const left = Math.max(0, Math.floor((region.left - 2) / unit) * unit);
  return { ...region, left, width: Math.min(width, region.left + region.width + 2) - left };
}

/**
 * Lowers the height that the file itself states to the rows of the grid that are needed: libjpeg decodes the entropy of
 * all rows otherwise, which is most of its time.
 *
 * @returns puts it back; undefined where nothing was changed
 */
export function stopAfter(
  bytes: Uint8Array,
  { height, subsampling, isCmyk }: JpegHeader,
  row: number,
): (() => void) | undefined {
  const unit = UNIT_HEIGHT[subsampling];
  if (unit === undefined || isCmyk) return undefined;
  const rows = Math.ceil((row + 2) / unit) * unit;
  const place = rows < height ? heightPlace(bytes) : undefined;
  if (place === undefined) return undefined;
  bytes.set([rows >> 8, rows & 255], place);
  return () => bytes.set([height >> 8, height & 255], place);
}
