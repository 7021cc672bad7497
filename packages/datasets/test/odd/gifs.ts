/** Odd GIFs: frames beside or beyond the screen, other transparent colours, blocks in the way, codes that end early. */
import { joined, latin1, type Odd, patched } from './any.ts';

const [IMAGE, EXTENSION] = [0x2c, 0x21];
const HEADER = 13;
const paletteBytes = (flags: number): number => (flags & 128 ? 3 << ((flags & 7) + 1) : 0);

/** Where the first image's descriptor begins. */
function imagePlace(file: Uint8Array): number {
  let at = HEADER + paletteBytes(file[10]!);
  while (file[at] === EXTENSION) {
    at += 2;
    while (file[at]! > 0) at += file[at]! + 1;
    at++;
  }
  return at;
}

const control = (transparent: number): Uint8Array =>
  Uint8Array.of(EXTENSION, 0xf9, 4, 1, 0, 0, transparent, 0);
const extension = (label: number, text: string): Uint8Array =>
  joined(Uint8Array.of(EXTENSION, label, text.length), latin1(text), Uint8Array.of(0));

export function* oddGifs(file: Uint8Array): Generator<Odd, void, undefined> {
  const at = imagePlace(file);
  const [before, image] = [file.slice(0, at), file.slice(at)];
  const data = 10 + paletteBytes(image[9]!);
  const screen = (width: number, height: number) => patched(file, 6, width, 0, height, 0);
  yield ['version-87a', patched(file, 4, 0x37)];
  yield ['version-88a', patched(file, 4, 0x38)];
  yield ['screen-larger', screen(60, 50)];
  yield ['screen-smaller', screen(4, 3)];
  yield ['screen-0', screen(0, 0)];
  yield ['moved', joined(before, patched(image, 1, 3, 0, 2, 0))];
  yield ['moved-inside', joined(patched(before, 6, 60, 0, 50, 0), patched(image, 1, 3, 0, 2, 0))];
  for (const transparent of [0, 1, 250])
    yield [`clear-${transparent}`, joined(patched(before, 6, 60, 0, 50, 0), control(transparent), image)];
  yield ['two-controls', joined(patched(before, 6, 60, 0, 50, 0), control(1), control(2), image)];
  yield ['background-2', patched(screen(60, 50), 11, 2)];
  yield ['interlaced-otherwise', joined(before, patched(image, 9, image[9]! ^ 64))];
  yield ['width-0', joined(before, patched(image, 5, 0, 0))];
  yield ['one-more-row', joined(before, patched(image, 7, image[7]! + 1))];
  yield ['one-row-less', joined(before, patched(image, 7, image[7]! - 1))];
  const local = joined(
    patched(image.slice(0, 10), 9, (image[9]! & 64) | 128 | 1),
    latin1('\x01\x02\x03\x40\x50\x60\x99\x88\x77\xf0\xe0\xd0'),
  );
  yield ['own-palette', joined(before, local, image.slice(data))];
  yield [
    'no-palette',
    joined(
      patched(before.slice(0, HEADER), 10, before[10]! & 127),
      before.slice(HEADER + paletteBytes(before[10]!)),
      image,
    ),
  ];
  for (const bits of [0, 1, 8, 9, 13])
    yield [`codes-of-${bits}-bits`, joined(before, patched(image, data, bits))];
  yield ['no-codes', joined(before, image.slice(0, data + 1), latin1('\0;'))];
  yield ['code-of-nothing', joined(before, patched(image, data + 2, 0xff, 0xff))];
  yield ['commented', joined(before, extension(0xfe, 'a comment, with a mark'), image)];
  yield ['unknown-extension', joined(before, extension(0x77, '???'), image)];
  yield ['bytes-between', joined(before, latin1('\0\0\x07'), image)];
  yield ['no-trailer', file.slice(0, -1)];
  yield ['no-image', joined(before, latin1(';'))];
  yield ['image-elsewhere', patched(file, at, IMAGE + 1)];
}
