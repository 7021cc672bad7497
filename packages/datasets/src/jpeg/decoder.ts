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

/** RGB of a region, row by row. */
interface Decoded {
  readonly pixels: Uint8Array;
  readonly region: Region;
}

export interface JpegDecoder {
  /** @throws DataError when the bytes are no JPEG, or of more than `maxPixels` */
  header(bytes: Uint8Array, options: { source: string; maxPixels?: number }): JpegHeader;
  /**
   * Decodes at least `region`.
   *
   * @param room makes room for so many bytes
   * @throws DataError when the file is cut short or damaged beyond what PIL accepts
   */
  decode(
    bytes: Uint8Array,
    options: { source: string; header: JpegHeader; region: Region; room: (bytes: number) => Uint8Array },
  ): Decoded;
}

type DecodeOptions = Parameters<JpegDecoder['decode']>[1];

/** A picture and the handle that is its own. */
interface Opened {
  readonly turbo: TurboFunctions;
  readonly handle: unknown;
  readonly bytes: Uint8Array;
  readonly source: string;
  /** Whether the handle has read the header, as it is now. */
  readonly hasHeader: boolean;
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
        const header = readHeader({ turbo, handle, bytes, source, hasHeader: false });
        expectPixels(header, { source, maxPixels });
        kept = { header, handle };
        return header;
      } finally {
        if (kept === undefined) turbo.destroy(handle);
      }
    },
    decode(bytes, options) {
      const { header, source } = options;
      const last = takeKept(header);
      const handle = last ?? newHandle(turbo);
      try {
        return decode({ turbo, handle, bytes, source, hasHeader: last !== undefined }, options);
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

function readHeader(picture: Opened): JpegHeader {
  const { turbo, handle, bytes, source } = picture;
  expectDone(picture, turbo.readHeader(handle, bytes, bytes.length));
  const get = (name: keyof typeof PARAM): number => turbo.get(handle, PARAM[name]);
  const [height, width] = [get('height'), get('width')];
  // No error of its own: a file may hold tables alone.
  if (height < 1 || width < 1) throw badPicture(source, 'it ends before its picture begins');
  if (get('precision') !== 8) throw badPicture(source, `it has ${get('precision')} bits a sample, not 8`);
  return { height, width, subsampling: get('subsampling'), isCmyk: CMYK_COLOURS.includes(get('colours')) };
}

function decode(picture: Opened, { header, region: wanted, room }: DecodeOptions): Decoded {
  const { bytes, source } = picture;
  // Decoding stops after the region, so it does not notice.
  if (!endsWell(bytes)) throw badPicture(source, 'it is cut short');
  const { region, height } = neededOf(bytes, header, wanted);
  if (!height) return decodeRegion(picture, { header, region, room });
  const state = (rows: number): void => bytes.set([rows >> 8, rows & 255], height.at);
  try {
    state(height.rows);
    return decodeRegion({ ...picture, hasHeader: false }, { header, region, room });
  } finally {
    state(header.height);
  }
}

function decodeRegion(
  picture: Opened,
  { header, region, room }: Pick<DecodeOptions, 'header' | 'region' | 'room'>,
): Decoded {
  const { turbo, handle, bytes, hasHeader } = picture;
  const { top, left, height, width } = region;
  const pixels = room(height * width * 3);
  if (height < header.height || width < header.width) {
    if (!hasHeader) expectDone(picture, turbo.readHeader(handle, bytes, bytes.length));
    expectDone(picture, turbo.crop(handle, { x: left, y: top, w: width, h: height }));
  }
  const [to, channels, format] = header.isCmyk
    ? ([new Uint8Array(height * width * 4), 4, FORMAT.cmyk] as const)
    : ([pixels, 3, FORMAT.rgb] as const);
  expectDone(picture, turbo.decompress(handle, bytes, bytes.length, to, width * channels, format));
  if (header.isCmyk) fromCmyk(to, pixels);
  return { pixels, region };
}

/**
 * Messages of warnings (jerror.h, JWRN_*). TurboJPEG's own code for them is also that of an error behind a warning, and
 * then not all pixels are written.
 */
const WARNINGS =
  /^(Corrupt JPEG data|Caution: |Warning: |Unknown Adobe color|Inconsistent progression|Invalid SOS parameters)/;

/** PIL lets warnings pass, but for the one of a file that ends too early. */
function expectDone({ turbo, handle, source }: Opened, code: number): void {
  if (code === 0) return;
  const reason = turbo.errorText(handle);
  if (!WARNINGS.test(reason)) throw badPicture(source, reason);
}
