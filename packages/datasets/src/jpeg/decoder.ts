/**
 * JPEG to RGB as PIL decodes it, to the bit: the accurate inverse DCT, smooth chroma, CMYK inverted as Adobe writes it and
 * multiplied out. Or only a region of it: entropy coding is serial, but the inverse DCT and the colours of what is
 * left out cost nothing.
 */
import { DataError } from '@longtail/core';
import type { Region } from '../view.ts';
import { type TurboFunctions, turboFunctions } from './library.ts';
import { heightPlace } from './markers.ts';

/** TJPARAM_*, TJPF_*, TJCS_*, TJINIT_DECOMPRESS, TJERR_WARNING of turbojpeg.h. */
const PARAM = {
  subsampling: 4,
  width: 5,
  height: 6,
  precision: 7,
  colours: 8,
  fastUpsample: 9,
  fastDct: 10,
  scanLimit: 13,
};
const FORMAT = { rgb: 0, cmyk: 11 };
const CMYK_COLOURS = [3, 4];
const DECOMPRESS = 1;
const WARNING = 0;
/** Width and height of an iMCU by TJSAMP_* (4:4:4, 4:2:2, 4:2:0, grey, 4:4:0, 4:1:1, 4:4:1). */
const UNIT_WIDTH = [8, 16, 16, 8, 8, 32, 8];
const UNIT_HEIGHT = [8, 8, 16, 8, 16, 8, 32];
/** A progressive file of more scans is made to keep decoders busy. */
const SCAN_LIMIT = 500;

export interface JpegHeader {
  readonly height: number;
  readonly width: number;
  readonly isCmyk: boolean;
  /** TJSAMP_*; -1 for any other */
  readonly subsampling: number;
}

export interface JpegDecoder {
  /** @throws DataError when the bytes are no JPEG, or of more than `maxPixels` */
  header(bytes: Uint8Array, options: { source: string; maxPixels?: number }): JpegHeader;
  /**
   * Decodes at least `region`.
   *
   * @param room makes room for so many bytes
   * @returns RGB of `region`, row by row
   * @throws DataError when the file is cut short or damaged beyond what PIL accepts
   */
  decode(
    bytes: Uint8Array,
    options: { source: string; header: JpegHeader; region: Region; room: (bytes: number) => Uint8Array },
  ): { pixels: Uint8Array; region: Region };
}

let decoder: JpegDecoder | undefined;

/** This thread's decoder, or undefined where the platform has none. */
export function jpegDecoder(): JpegDecoder | undefined {
  const turbo = turboFunctions();
  if (!turbo) return undefined;
  decoder ??= create(turbo);
  return decoder;
}

export const isJpeg = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

function create(turbo: TurboFunctions): JpegDecoder {
  const handle = turbo.init(DECOMPRESS);
  for (const [param, value] of [
    [PARAM.fastDct, 0],
    [PARAM.fastUpsample, 0],
    [PARAM.scanLimit, SCAN_LIMIT],
  ])
    turbo.set(handle, param, value);
  // A thread that ends leaves its memory to the process otherwise.
  process.once('exit', () => turbo.destroy(handle));
  return {
    header(bytes, { source, maxPixels = Number.POSITIVE_INFINITY }) {
      const header = readHeader(turbo, handle, bytes, source);
      if (header.height * header.width > maxPixels) throw tooLarge(source, header, maxPixels);
      return header;
    },
    decode: (bytes, options) => decode(turbo, handle, bytes, options),
  };
}

function failure(source: string, reason: string): DataError {
  return new DataError(
    `expected a picture in ${source}, but it cannot be decoded (${reason}); replace the file.`,
    { source },
  );
}

export function tooLarge(
  source: string,
  { height, width }: { height: number; width: number },
  maxPixels: number,
): DataError {
  return new DataError(
    `expected a picture of at most ${maxPixels} pixels in ${source}, but it has ${height}x${width}; make it smaller, or raise maxPixels.`,
    { source, height, width, maxPixels },
  );
}

function readHeader(turbo: TurboFunctions, handle: unknown, bytes: Uint8Array, source: string): JpegHeader {
  if (turbo.readHeader(handle, bytes, bytes.length) !== 0 && turbo.errorCode(handle) !== WARNING)
    throw failure(source, turbo.errorText(handle));
  const [width, height, subsampling, colours, precision] = [
    PARAM.width,
    PARAM.height,
    PARAM.subsampling,
    PARAM.colours,
    PARAM.precision,
  ].map((param) => turbo.get(handle, param)) as [number, number, number, number, number];
  if (precision !== 8) throw failure(source, `it has ${precision} bits a sample, not 8`);
  return { height, width, subsampling, isCmyk: CMYK_COLOURS.includes(colours) };
}

/**
 * What has to be decoded for a region to be as in the whole picture: the grid's columns from its left edge on, and two
 * pixels around it, since the smooth chroma of a pixel is taken from its neighbours too.
 */
function onGrid({ height, width, subsampling, isCmyk }: JpegHeader, region: Region): Region {
  const unit = UNIT_WIDTH[subsampling];
  if (unit === undefined || isCmyk) return { top: 0, left: 0, height, width };
  const left = Math.max(0, Math.floor((region.left - 2) / unit) * unit);
  return { ...region, left, width: Math.min(width, region.left + region.width + 2) - left };
}

function decode(
  turbo: TurboFunctions,
  handle: unknown,
  bytes: Uint8Array,
  { source, header, region: wanted, room }: Parameters<JpegDecoder['decode']>[1],
): { pixels: Uint8Array; region: Region } {
  // What is cut short shows only where decoding reaches the end.
  const isWhole = endsWell(bytes);
  const region = isWhole
    ? onGrid(header, wanted)
    : { top: 0, left: 0, height: header.height, width: header.width };
  const { top: y, left: x, height: h, width: w } = region;
  const restore = isWhole ? stopAfter(bytes, header, y + h) : undefined;
  try {
    const isPart = h < header.height || w < header.width;
    if (isPart && turbo.readHeader(handle, bytes, bytes.length) !== 0 && turbo.errorCode(handle) !== WARNING)
      throw failure(source, turbo.errorText(handle));
    if (turbo.crop(handle, isPart ? { x, y, w, h } : { x: 0, y: 0, w: 0, h: 0 }) !== 0)
      throw failure(source, turbo.errorText(handle));
    const pixels = room(w * h * 3);
    const [to, channels] = header.isCmyk ? [new Uint8Array(w * h * 4), 4] : [pixels, 3];
    const format = header.isCmyk ? FORMAT.cmyk : FORMAT.rgb;
    if (turbo.decompress(handle, bytes, bytes.length, to, w * channels, format) !== 0) {
      const reason = turbo.errorText(handle);
      if (turbo.errorCode(handle) !== WARNING || /^Premature end/.test(reason)) throw failure(source, reason);
    }
    if (header.isCmyk) fromCmyk(to, pixels);
    return { pixels, region };
  } finally {
    restore?.();
  }
}

/**
 * Lowers the height that the file itself states to the rows of the grid that are needed: libjpeg decodes the entropy of
 * all rows otherwise, which is most of its time.
 *
 * @returns puts it back; undefined where nothing was changed
 */
function stopAfter(
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

/** Whether the end-of-image marker lies near the end, with no more than padding after it. */
function endsWell(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= Math.max(0, bytes.length - 4096); at--)
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

/** Pillow's Convert.c, `cmyk2rgb`, of samples that Adobe stores inverted: 255 - k - (255 - k) * c / 255. */
function fromCmyk(samples: Uint8Array, pixels: Uint8Array): void {
  for (let at = 0, to = 0; at < samples.length; at += 4, to += 3)
    for (let c = 0; c < 3; c++) {
      const light = samples[at + 3]!;
      const product = (255 - samples[at + c]!) * light + 128;
      pixels[to + c] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
}
