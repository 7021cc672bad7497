/**
 * Encoded bytes to pixels by sharp (JPEG, PNG, WebP, GIF's first frame). Its JPEG decoder takes the accurate inverse
 * DCT, as PIL does: the fast one is off by a grey level on average.
 */
import { DataError } from '@longtail/core';
import sharp from 'sharp';
import type { Picture } from './dataset.ts';

/**
 * @param bytes of one encoded picture
 * @param options.source named in errors: a path, or a place in an archive
 * @returns RGB, shape [height, width, 3], whatever the colours of the file
 * @throws DataError when the bytes are no picture, or cut short
 */
export async function decode(bytes: Uint8Array, { source }: { source: string }): Promise<Picture> {
  try {
    const { data, info } = await sharp(bytes)
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { height, width, channels } = info;
    return { data, height, width, channels };
  } catch (cause) {
    throw new DataError(
      `expected a picture in ${source}, but it cannot be decoded (${(cause as Error).message}); replace the file.`,
      { source },
      { cause },
    );
  }
}
