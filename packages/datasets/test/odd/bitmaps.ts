/** Odd bitmaps and anymaps: other numbers in a header, words and comments in odd places. */
import { joined, latin1, type Odd, patched } from './any.ts';

const u32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];

export function* oddBmps(file: Uint8Array): Generator<Odd, void, undefined> {
  const header = file[14]!;
  yield ['start-0', patched(file, 10, ...u32(0))];
  yield ['start-far', patched(file, 10, ...u32(1 << 30))];
  yield ['start-behind-header', patched(file, 10, ...u32(14 + header))];
  yield ['header-41', patched(file, 14, 41)];
  yield ['header-huge', patched(file, 14, ...u32(0xffffffff))];
  if (header === 12) return;
  yield ['width-0', patched(file, 18, ...u32(0))];
  yield ['width-negative', patched(file, 18, ...u32(0xfffffff3))];
  yield ['height-huge', patched(file, 22, ...u32(0x7fffffff))];
  yield ['height-negative', patched(file, 22, ...u32(0xfffffff7))];
  yield ['height-less', patched(file, 22, ...u32(2))];
  for (const bits of [0, 2, 64]) yield [`bits-${bits}`, patched(file, 28, bits)];
  for (const packing of [4, 5, 6]) yield [`packing-${packing}`, patched(file, 30, packing)];
  yield ['colours-1000', patched(file, 46, ...u32(1000))];
  yield ['colours-huge', patched(file, 46, ...u32(0xffffffff))];
}

const FIRST_LINE = /^(P\d)\n(?:#.*\n)?(\d+) (\d+)\n/;

export function* oddPnms(file: Uint8Array): Generator<Odd, void, undefined> {
  const found = FIRST_LINE.exec(Buffer.from(file).toString('latin1'))!;
  const [line, magic, width, height] = found as unknown as [string, string, string, string];
  const rest = file.slice(line.length);
  const headed = (text: string) => joined(latin1(text), rest);
  yield ['one-line', headed(`${magic} ${width} ${height} `)];
  yield ['comments', headed(`${magic}\n#a 9\r# b\n \t${width}#c\n\n${height}\n#d\n`)];
  yield ['comment-in-number', headed(`${magic} 1#2\n${width.slice(1)} ${height}\n`)];
  yield ['windows', headed(`${magic}\r\n${width} ${height}\r\n`)];
  yield ['zeros', headed(`${magic} 0000${width} 00${height}\n`)];
  yield ['width-0', headed(`${magic} 0 ${height}\n`)];
  yield ['width-huge', headed(`${magic} 4000000000 4000000000\n`)];
  yield ['width-long', headed(`${magic} 99999999999 1\n`)];
  yield ['width-negative', headed(`${magic} -${width} ${height}\n`)];
  yield ['width-text', headed(`${magic} wide ${height}\n`)];
  yield ['more-rows', headed(`${magic} ${width} 30\n`)];
  yield ['fewer-rows', headed(`${magic} ${width} 3\n`)];
  yield ['no-space', headed(`${magic}${width} ${height}\n`)];
  yield ['magic-7', headed(`P7 ${width} ${height}\n`)];
  yield ['magic-f', headed(`Pf ${width} ${height}\n`)];
  for (const most of ['0', '1', '7', '254', '65536', '9'])
    yield [`most-${most}`, joined(latin1(`${magic} ${width} ${height} ${most}\n`), rest.slice(4))];
  yield ['a-sample-too-large', joined(file.slice(0, -8), latin1('99999 1\n'))];
  yield ['text-behind', joined(file, latin1('and so on'))];
}
