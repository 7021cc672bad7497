/** What is wrong with the bytes of a picture: errors of every decoder. */
import { DataError } from '@longtail/core';

/** What a decoder is told of a picture beside its bytes. */
export interface DecoderOptions {
  readonly source: string;
  readonly maxPixels: number;
}

/** @param reason in brackets behind "it cannot be decoded" */
export function badPicture(source: string, reason: string, cause?: unknown): DataError {
  return new DataError(
    `expected a picture in ${source}, but it cannot be decoded (${reason}); replace the file, or leave such pictures out by onBadImage=skip.`,
    { source },
    cause === undefined ? {} : { cause },
  );
}

/** Of a kind or a variant that no decoder here takes, while other programs do. */
export function notTaken(source: string, found: string): DataError {
  return new DataError(
    `expected a picture in ${source} that is taken, but it is ${found}; save it again as PNG.`,
    { source },
  );
}

/** @throws DataError for a picture without pixels, or of more than `maxPixels`: before any memory is taken for them */
export function expectPixels(
  { height, width }: { height: number; width: number },
  { source, maxPixels }: DecoderOptions,
): void {
  if (!(height > 0 && width > 0)) throw badPicture(source, `its size is ${height}x${width}`);
  if (height * width <= maxPixels) return;
  throw new DataError(
    `expected a picture of at most ${maxPixels} pixels in ${source}, but it has ${height}x${width}; make it smaller, or raise maxPixels.`,
    { source, height, width, maxPixels },
  );
}
