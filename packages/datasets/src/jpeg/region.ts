/**
 * How little of a JPEG has to be decoded for a region to be, pixel for pixel, as in the whole picture. Entropy coding is serial,
 * and most of the time: rows above the region can only be skipped, but decoding may stop after it.
 */
import type { Region } from '../view.ts';
import { soleScan } from './markers.ts';

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

export interface Needed {
  /** What is to be decoded. */
  readonly region: Region;
  /** Bytes of the height that the file states, changed for as long as it is decoded. */
  readonly height?: { readonly at: number; readonly rows: number };
}

/**
 * The columns of the grid from the region's left edge on, and two pixels around it, since the smooth chroma of a pixel is
 * taken from its neighbours too. libjpeg decodes the entropy of all rows that the file states, which is most of its time:
 * fewer are stated, or all are decoded, so that what comes behind the last one is looked at. It is an error where another
 * scan of the same rows follows: then all of the picture is needed, to be refused as such.
 */
export function neededOf(bytes: Uint8Array, header: JpegHeader, wanted: Region): Needed {
  const all = { top: 0, left: 0, height: header.height, width: header.width };
  const [unitWidth, unitHeight] = [UNIT_WIDTH[header.subsampling], UNIT_HEIGHT[header.subsampling]];
  const isAll = wanted.height === all.height && wanted.width === all.width;
  if (isAll || header.isCmyk || unitWidth === undefined || unitHeight === undefined) return { region: all };
  const left = Math.max(0, Math.floor((wanted.left - 2) / unitWidth) * unitWidth);
  const width = Math.min(header.width, wanted.left + wanted.width + 2) - left;
  const rows = Math.ceil((wanted.top + wanted.height + 2) / unitHeight) * unitHeight;
  if (rows >= header.height)
    return { region: { top: wanted.top, left, height: header.height - wanted.top, width } };
  const scan = soleScan(bytes);
  if (scan?.isFollowed) return { region: all };
  const region = { ...wanted, left, width };
  return scan ? { region, height: { at: scan.heightAt, rows } } : { region };
}
