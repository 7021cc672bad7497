/**
 * JPEG to RGB as PIL decodes it, to the bit: the accurate inverse DCT, smooth chroma, CMYK inverted as Adobe writes it and
 * multiplied out. Or only a region of it.
 *
 * A handle of libturbojpeg keeps tables, sizes and, after a failure, half a header: what it makes of a picture depends on
 * those before. So each picture has a handle of its own, which costs less than a microsecond.
 */
import { badPicture, expectPixels } from '../pictures/bad-picture.ts';
import type { Region } from '../view.ts';
import { fromCmyk } from './cmyk.ts';
import { type TurboFunctions, turboFunctions } from './library.ts';
import { endsWell } from './markers.ts';
import { type JpegHeader, neededOf } from './region.ts';

/** TJPARAM_*, TJPF_*, TJCS_*, TJINIT_DECOMPRESS of turbojpeg.h. */
const PARAM = {
  subsampling: 4,
  width: 5,
  height: 6,
  precision: 7,
  colours: 8,
  scanLimit: 13,
};
const FORMAT = { rgb: 0, cmyk: 11 };
const CMYK_COLOURS = [3, 4];
const DECOMPRESS = 1;
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

function create(turbo: TurboFunctions): JpegDecoder {
  // What has read a header decodes that picture next, as a rule.
  let kept: { header: JpegHeader; handle: unknown } | undefined;
  const takeKept = (header?: JpegHeader): unknown => {
    const { header: last, handle } = kept ?? {};
    kept = undefined;
    if (handle === undefined || last === header) return handle;
    turbo.destroy(handle);
    return undefined;
  };
  // A thread that ends leaves its memory to the process otherwise.
  process.once('exit', () => takeKept());
  return {
    header(bytes, { source, maxPixels = Number.POSITIVE_INFINITY }) {
      takeKept();
      const handle = newHandle(turbo);
      try {
        const header = readHeader(turbo, handle, bytes, source);
        expectPixels(header, { source, maxPixels });
        kept = { header, handle };
        return header;
      } finally {
        if (kept === undefined) turbo.destroy(handle);
      }
    },
    decode(bytes, options) {
      const hasRead = takeKept(options.header);
      const handle = hasRead ?? newHandle(turbo);
      try {
        return decode(turbo, handle, bytes, { ...options, hasRead: hasRead !== undefined });
      } finally {
        turbo.destroy(handle);
      }
    },
  };
}

/** With the accurate inverse DCT and smooth chroma, which are the library's defaults. */
function newHandle(turbo: TurboFunctions): unknown {
  const handle = turbo.init(DECOMPRESS);
  turbo.set(handle, PARAM.scanLimit, SCAN_LIMIT);
  return handle;
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
  // No error of its own: a file may hold tables alone.
  if (height < 1 || width < 1) throw badPicture(source, 'it ends before its picture begins');
  if (precision !== 8) throw badPicture(source, `it has ${precision} bits a sample, not 8`);
  return { height, width, subsampling, isCmyk: CMYK_COLOURS.includes(colours) };
}

function decode(
  turbo: TurboFunctions,
  handle: unknown,
  bytes: Uint8Array,
  {
    source,
    header,
    region: wanted,
    room,
    hasRead,
  }: Parameters<JpegDecoder['decode']>[1] & { hasRead: boolean },
): { pixels: Uint8Array; region: Region } {
  // Decoding stops after the region, so it does not notice.
  if (!endsWell(bytes)) throw badPicture(source, 'it is cut short');
  const { region, height } = neededOf(bytes, header, wanted);
  const state = (rows: number) => height && bytes.set([rows >> 8, rows & 255], height.at);
  if (height) state(height.rows);
  try {
    const pixels = room(region.height * region.width * 3);
    const check = (code: number): void => expectDone(turbo, handle, source, code);
    if (region.height < header.height || region.width < header.width) {
      if (height || !hasRead) check(turbo.readHeader(handle, bytes, bytes.length));
      check(turbo.crop(handle, { x: region.left, y: region.top, w: region.width, h: region.height }));
    }
    const [to, channels, format] = header.isCmyk
      ? ([new Uint8Array(region.height * region.width * 4), 4, FORMAT.cmyk] as const)
      : ([pixels, 3, FORMAT.rgb] as const);
    check(turbo.decompress(handle, bytes, bytes.length, to, region.width * channels, format));
    if (header.isCmyk) fromCmyk(to, pixels);
    return { pixels, region };
  } finally {
    state(header.height);
  }
}

/**
 * Messages of warnings (jerror.h, JWRN_*). TurboJPEG's own code for them is also that of an error behind a warning, and
 * then not all pixels are written.
 */
const WARNINGS =
  /^(Corrupt JPEG data|Caution: |Warning: |Unknown Adobe color|Inconsistent progression|Invalid SOS parameters)/;

/** PIL lets warnings pass, but for the one of a file that ends too early. */
function expectDone(turbo: TurboFunctions, handle: unknown, source: string, code: number): void {
  if (code === 0) return;
  const reason = turbo.errorText(handle);
  if (!WARNINGS.test(reason)) throw badPicture(source, reason);
}
