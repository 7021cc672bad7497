/** Odd JPEGs, legal and not: segments left out, doubled, moved, padded, of wrong lengths, or with other numbers in them. */
import { joined, latin1, type Odd, patched } from './any.ts';

interface Segments {
  /** From each marker on, up to the next; after SOI, before the entropy-coded data. */
  readonly header: readonly Uint8Array[];
  readonly scans: Uint8Array;
}

const SOI = Uint8Array.of(0xff, 0xd8);
const EOI = Uint8Array.of(0xff, 0xd9);
const [DHT, DQT, SOS, APP0, APP14, DRI] = [0xc4, 0xdb, 0xda, 0xe0, 0xee, 0xdd];
const isFrame = (segment: Uint8Array): boolean => [0xc0, 0xc1, 0xc2].includes(segment[1]!);
const is = (marker: number) => (segment: Uint8Array) => segment[1] === marker;

function segmentsOf(file: Uint8Array): Segments {
  const header: Uint8Array[] = [];
  for (let at = 2; ; ) {
    const end = at + 2 + file[at + 2]! * 256 + file[at + 3]!;
    header.push(file.slice(at, end));
    if (file[at + 1] === SOS) return { header, scans: file.slice(end) };
    at = end;
  }
}

/** A segment around `content`. */
function segment(marker: number, content: Uint8Array, { error = 0 } = {}): Uint8Array {
  const length = content.length + 2 + error;
  return joined(Uint8Array.of(0xff, marker, length >> 8, length & 255), content);
}

/** EXIF with an orientation and, behind it, a small picture's bytes. */
const exif = (orientation: number, behind: Uint8Array = new Uint8Array(0)): Uint8Array =>
  segment(
    0xe1,
    joined(
      latin1(`Exif\0\0MM\0*\0\0\0\b\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}\0\0`),
      new Uint8Array(4),
      behind,
    ),
  );

export function* oddJpegs(file: Uint8Array): Generator<Odd, void, undefined> {
  const { header, scans } = segmentsOf(file);
  const made = (parts: readonly Uint8Array[], rest = scans): Uint8Array => joined(SOI, ...parts, rest);
  const without = (marker: number) => made(header.filter((part) => !is(marker)(part)));
  const frame = header.findIndex(isFrame);
  const scan = header.findIndex(is(SOS));
  const inFrame = (at: number, ...bytes: number[]) =>
    made(header.with(frame, patched(header[frame]!, at, ...bytes)));
  const first = (...parts: Uint8Array[]) => made([...parts, ...header]);

  yield ['no-huffman-tables', without(DHT)];
  yield ['no-quantisation', without(DQT)];
  yield ['no-app0', without(APP0)];
  yield ['no-frame', made(header.toSpliced(frame, 1))];
  yield ['no-scan', made(header.toSpliced(scan, 1))];
  yield ['tables-only', made(header.slice(0, frame), EOI)];
  yield ['two-soi', first(SOI)];
  yield ['two-frames', made(header.toSpliced(frame, 0, header[frame]!))];
  yield ['reversed', made([...header.slice(0, -1).toReversed(), header.at(-1)!])];
  yield ['height-0', inFrame(5, 0, 0)];
  yield ['width-0', inFrame(7, 0, 0)];
  yield ['height-65535', inFrame(5, 255, 255)];
  yield ['height-16', inFrame(5, 0, 16)];
  yield ['width-60', inFrame(7, 0, 60)];
  yield ['12-bits', inFrame(4, 12)];
  yield ['sampling-0', inFrame(11, 0)];
  yield ['sampling-4x4', inFrame(11, 0x44)];
  yield ['quantisation-3', inFrame(12, 3)];
  for (const kind of [0xc1, 0xc2, 0xc3, 0xc5, 0xc9, 0xca, 0xcb, 0xf7])
    yield [`frame-${kind.toString(16)}`, inFrame(1, kind)];
  yield ['huffman-table-3', made(header.with(scan, patched(header[scan]!, 6, 0x33)))];
  yield ['scan-of-component-9', made(header.with(scan, patched(header[scan]!, 5, 9)))];
  yield ['padded', made(header.map((part) => joined(Uint8Array.of(255, 255, 255), part)))];
  yield ['junk-between', made(header.flatMap((part) => [part, latin1('junk')]))];
  yield ['commented', first(segment(0xfe, joined(latin1('with an end: '), EOI, SOI)))];
  yield ['length-1', first(segment(0xfe, latin1('text'), { error: 1 }))];
  yield ['length-65535', first(segment(0xfe, latin1('text'), { error: 65529 }))];
  yield ['length-0', first(segment(0xfe, latin1(''), { error: -2 }))];
  yield ['exif', first(exif(6))];
  yield ['exif-9', first(exif(9))];
  yield ['exif-cut', first(segment(0xe1, latin1('Exif\0\0MM\0*\0\0\0\b')))];
  yield ['exif-far', first(segment(0xe1, latin1('Exif\0\0II*\0\xff\xff\xff\xff\0\0')))];
  const withPicture = first(exif(1, file));
  yield ['picture-inside', withPicture];
  yield ['picture-inside-cut', withPicture.slice(0, -scans.length / 2)];
  yield ['picture-inside-cut-in-header', withPicture.slice(0, file.length + 60)];
  for (const transform of [0, 1, 2])
    yield [
      `adobe-${transform}`,
      made([
        segment(APP14, joined(latin1('Adobe\0\x64\0\0\0\0'), Uint8Array.of(transform))),
        ...header.filter((part) => !is(APP0)(part)),
      ]),
    ];
  yield ['restart-interval-1', first(segment(DRI, Uint8Array.of(0, 1)))];
  yield ['restart-first', first(Uint8Array.of(0xff, 0xd0))];
  yield ['no-end', made(header, scans.slice(0, -2))];
  yield ['no-end-followed', joined(made(header, scans.slice(0, -2)), new Uint8Array(5000).fill(7))];
  yield ['followed-long', joined(file, new Uint8Array(5000).fill(7))];
  yield ['twice', joined(file, file)];
  yield ['half-the-scan', made(header, joined(scans.slice(0, scans.length / 2), EOI))];
  yield ['half-the-scan-after-junk', made([latin1('junk'), ...header], scans.slice(0, scans.length / 2))];
  yield [
    'marker-in-scan',
    made(header, joined(scans.slice(0, 40), Uint8Array.of(0xff, 0xd3), scans.slice(40))),
  ];
  yield [
    'page',
    joined(SOI, Uint8Array.of(0xff), latin1('<!DOCTYPE html><html><body>Not found</body></html>')),
  ];
}
