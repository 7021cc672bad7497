/** What `decode` takes: kinds of pictures by the first bytes of a file, and the extensions that such files have. */

export type PictureKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'tiff' | 'avif' | 'bmp' | 'pnm';

/** In small letters, with the dot. */
export const PICTURE_EXTENSIONS: readonly string[] =
  '.jpg .jpeg .png .webp .gif .tif .tiff .avif .bmp .ppm .pgm .pbm .pnm'.split(' ');

/** As many bytes as tell a kind. */
export const KIND_BYTES = 12;

const MAGIC: readonly (readonly [kind: PictureKind, bytes: RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF.{4}WEBP/s],
  ['tiff', /^(II\*\0|MM\0\*)/],
  ['avif', /^.{4}ftyp(avi[fs]|mi[fa]1)/s],
  ['bmp', /^BM/],
  ['pnm', /^P[1-6][ \t\n\v\f\r]/],
];

/** @param bytes the first {@link KIND_BYTES} of a file, or more; undefined where they are of no picture that is taken */
export function pictureKind(bytes: Uint8Array): PictureKind | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, KIND_BYTES));
  return MAGIC.find(([, magic]) => magic.test(text))?.[0];
}

export const looksLikePicture = (bytes: Uint8Array): boolean => pictureKind(bytes) !== undefined;
