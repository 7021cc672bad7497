/**
 * JPEG to RGB as PIL decodes it, to the bit: the accurate inverse DCT, smooth chroma, CMYK inverted as Adobe writes it and
 * multiplied out. Or only a region of it.
 */
import { DataError } from '@longtail/core';
import type { Region } from '../view.ts';
import { fromCmyk } from './cmyk.ts';
import { type TurboFunctions, turboFunctions } from './library.ts';
import { endsWell, type JpegHeader, onGrid, stopAfter } from './region.ts';

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
/** A progressive file of more scans is made to keep decoders busy. */
const SCAN_LIMIT = 500;

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
  expectDone(turbo, handle, source, turbo.readHeader(handle, bytes, bytes.length));
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
  const restore = isWhole ? stopAfter(bytes, header, region.top + region.height) : undefined;
  try {
    const pixels = room(region.height * region.width * 3);
    const isPart = region.height < header.height || region.width < header.width;
    const check = (code: number): void => expectDone(turbo, handle, source, code);
    if (isPart) check(turbo.readHeader(handle, bytes, bytes.length));
    check(turbo.crop(handle, isPart ? cropOf(region) : ALL));
    const [to, channels, format] = header.isCmyk
      ? ([new Uint8Array(region.height * region.width * 4), 4, FORMAT.cmyk] as const)
      : ([pixels, 3, FORMAT.rgb] as const);
    check(turbo.decompress(handle, bytes, bytes.length, to, region.width * channels, format));
    if (header.isCmyk) fromCmyk(to, pixels);
    return { pixels, region };
  } finally {
    restore?.();
  }
}

/** tjregion: nothing for all of the picture. */
const ALL = { x: 0, y: 0, w: 0, h: 0 };
const cropOf = ({ top, left, height, width }: Region): typeof ALL => ({
  x: left,
  y: top,
  w: width,
  h: height,
});

/** PIL lets warnings pass, but for a file that ends too early. */
function expectDone(turbo: TurboFunctions, handle: unknown, source: string, code: number): void {
  if (code === 0) return;
  const reason = turbo.errorText(handle);
  if (turbo.errorCode(handle) !== WARNING || /^Premature end/.test(reason)) throw failure(source, reason);
}
