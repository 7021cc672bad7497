/** What libvips decodes, by sharp: PNG, WebP, TIFF and AVIF; JPEG where libjpeg-turbo cannot be reached. */
import { DataError } from '@longtail/core';
import type { Sharp } from 'sharp';
import type { Picture } from '../dataset.ts';
import { fromCmyk } from '../jpeg/cmyk.ts';
import { badPicture, type DecoderOptions, expectPixels, notTaken } from './bad-picture.ts';
import { tiffTags } from './tiff-tags.ts';

/** TIFF's tags and values. */
const COMPRESSION = 259;
const JPEG_COMPRESSION = 7;
const PHOTOMETRIC = 262;
const PALETTE = 3;
const YCBCR = 6;
const COLOUR_MAP = 320;

/** @throws DataError when the file is cut short, damaged, or of more than `maxPixels` */
export async function decodeBySharp(
  bytes: Uint8Array,
  { orient, ...options }: DecoderOptions & { orient: boolean },
): Promise<Picture> {
  const { default: sharp } = await import('sharp'); // 30 ms that a set of JPEGs does not need
  try {
    const image = sharp(bytes, { ignoreIcc: true, limitInputPixels: false, failOn: 'error' });
    const { format, space, ...size } = await image.metadata();
    expectPixels(size, options);
    if (format === 'tiff') expectColours(bytes, options.source);
    // PIL turns a TIFF as its orientation says, and no other kind.
    const turned = orient || format === 'tiff' ? image.autoOrient() : image;
    return await (space === 'cmyk' ? cmykOf(turned) : rgbOf(turned));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw badPicture(options.source, (cause as Error).message.replaceAll(/\s*\n\s*/g, '; '), cause);
  }
}

/**
 * What libvips takes in silence for something else: luma and chroma that no codec turns to RGB for red, green and blue;
 * the numbers of colours for greys, where the file ends before its palette.
 */
function expectColours(bytes: Uint8Array, source: string): void {
  const tags = tiffTags(bytes);
  const photometric = tags.get(PHOTOMETRIC)?.value;
  if (photometric === YCBCR && tags.get(COMPRESSION)?.value !== JPEG_COMPRESSION)
    throw notTaken(source, 'a TIFF of YCbCr samples');
  if (photometric === PALETTE && !tags.get(COLOUR_MAP)?.isWhole)
    throw badPicture(source, 'its palette is cut short');
}

async function rgbOf(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { height, width, channels } = info;
  return { data, height, width, channels };
}

/** As PIL computes it: libvips would go by a printer's profile. */
async function cmykOf(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { height, width } = info;
  const pixels = new Uint8Array(height * width * 3);
  fromCmyk(
    data.map((sample) => 255 - sample),
    pixels,
  );
  return { data: pixels, height, width, channels: 3 };
}
