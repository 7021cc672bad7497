/** What `decode` takes: kinds of pictures by the first bytes of a file, and the extensions that such files have. */

export type PictureKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'tiff' | 'avif' | 'bmp' | 'pnm';

/** In small letters, with the dot. */
export const PICTURE_EXTENSIONS: readonly string[] =
  '.jpg .jpeg .png .webp .gif .tif .tiff .avif .bmp .ppm .pgm .pbm .pnm'.split(' ');

/** What stands first, and what stands in the bytes from `at` on: one of several. */
interface Magic {
  readonly kind: PictureKind;
  readonly first: string;
  readonly at?: number;
  readonly andThen?: readonly string[];
}

const MAGIC: readonly Magic[] = [
  { kind: 'jpeg', first: '\xff\xd8\xff' },
  { kind: 'png', first: '\x89PNG\r\n' },
  { kind: 'gif', first: 'GIF8', at: 4, andThen: ['7a', '9a'] },
  { kind: 'webp', first: 'RIFF', at: 8, andThen: ['WEBP'] },
  { kind: 'tiff', first: 'II*\0' },
  { kind: 'tiff', first: 'MM\0*' },
  { kind: 'avif', first: '', at: 4, andThen: ['ftypavif', 'ftypavis', 'ftypmif1', 'ftypmiaf'] },
  { kind: 'bmp', first: 'BM' },
  ...Array.from(
    '123456',
    (digit): Magic => ({ kind: 'pnm', first: `P${digit}`, at: 2, andThen: [...' \t\n\v\f\r'] }),
  ),
];

/** @param bytes the first 32 of a file, or more; undefined where they are of no picture that is taken */
export function pictureKind(bytes: Uint8Array): PictureKind | undefined {
  for (const { kind, first, at = 0, andThen } of MAGIC)
    if (isAt(bytes, 0, first) && (andThen?.some((text) => isAt(bytes, at, text)) ?? true)) return kind;
  return undefined;
}

function isAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

export const looksLikePicture = (bytes: Uint8Array): boolean => pictureKind(bytes) !== undefined;
