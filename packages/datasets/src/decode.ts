/**
 * Encoded bytes to pixels as PIL's `convert('RGB')` gives them: JPEG by libjpeg-turbo where it can be reached; GIF's first
 * frame, BMP and PNM here; all else by sharp. No alpha, no colour profile; EXIF's orientation is applied only when asked
 * for: torchvision's ImageFolder does not.
 */
import { checkOneOf, checkOptions, checkStrings, DataError, InputError, shown } from '@longtail/core';
import { expectMaxPixels } from './arguments.ts';
import type { Picture } from './dataset.ts';
import { jpegDecoder } from './jpeg/decoder.ts';
import { orientationOf } from './jpeg/markers.ts';
import { upright } from './orient.ts';
import { type PictureKind, pictureKind } from './picture-kinds.ts';
import { badPicture, type DecoderOptions } from './pictures/bad-picture.ts';
import { decodeBmp } from './pictures/bmp.ts';
import { decodeBySharp } from './pictures/by-sharp.ts';
import { decodeGif } from './pictures/gif.ts';
import { decodePnm } from './pictures/pnm.ts';
import { render } from './render.ts';
import { jpegSource, pictureSource, type Source } from './source.ts';
import { wholeView } from './view.ts';

/** PIL's: more is taken for a decompression bomb. */
export const MAX_PIXELS = 89_478_485;

/** Kinds that are decoded here, without a library. */
const OWN: Readonly<Partial<Record<PictureKind, (bytes: Uint8Array, options: DecoderOptions) => Picture>>> = {
  gif: decodeGif,
  bmp: decodeBmp,
  pnm: decodePnm,
};

export interface DecodeOptions {
  source: string;
  maxPixels?: number;
  orient?: boolean;
}

/**
 * @param bytes of one encoded picture
 * @param options.source named in errors: a path, or a place in an archive
 * @param options.maxPixels height * width beyond which a picture is refused before it is decoded
 * @param options.orient turn the picture upright as EXIF says
 * @returns RGB, shape [height, width, 3], whatever the colours of the file
 * @throws InputError for what are no bytes, and options out of range
 * @throws DataError when the bytes are no picture, cut short, or too large
 * @example
 * const { data, height, width } = await decode(await readFile(path), { source: path });
 */
export async function decode(bytes: Uint8Array, options: DecodeOptions): Promise<Picture> {
  const { source: place, maxPixels = MAX_PIXELS, orient = false } = checkOptions(options, { of: 'decode' });
  if (!(bytes instanceof Uint8Array))
    throw new InputError(`the bytes of a picture must be a Uint8Array, but they are ${shown(bytes)}.`);
  checkStrings({ 'the source of a picture': place });
  expectMaxPixels(maxPixels);
  checkOneOf({ orient }, [true, false]);
  const source = await openPicture(bytes, options);
  return render(source, wholeView(source.height, source.width));
}

/** A picture whose pixels are decoded when they are asked for. @throws DataError as {@link decode} */
export async function openPicture(
  bytes: Uint8Array,
  { source, maxPixels = MAX_PIXELS, orient = false }: DecodeOptions,
): Promise<Source> {
  if (bytes.length === 0)
    throw new DataError(
      `expected a picture in ${source}, but it is empty; replace the file, or leave such pictures out by onBadImage=skip.`,
      { source },
    );
  const kind = pictureKind(bytes);
  if (!kind)
    throw badPicture(source, 'its first bytes are not of JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP or PNM');
  const own = OWN[kind];
  if (own) return pictureSource(own(bytes, { source, maxPixels }));
  const decoder = kind === 'jpeg' ? jpegDecoder() : undefined;
  if (!decoder) return pictureSource(await decodeBySharp(bytes, { source, maxPixels, orient }));
  const stored = jpegSource(bytes, { decoder, source, maxPixels });
  const orientation = orient ? orientationOf(bytes) : 1;
  if (orientation === 1) return stored;
  return pictureSource(upright(render(stored, wholeView(stored.height, stored.width)), orientation));
}
