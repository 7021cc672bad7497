/** Odd PNGs: chunks left out, doubled, moved, unknown, of wrong sums or lengths. */
import { crc32 } from 'node:zlib';
import { joined, latin1, type Odd, patched } from './any.ts';

const START = 8;
const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);

function chunk(name: string, data: Uint8Array): Uint8Array {
  const content = joined(latin1(name), data);
  return joined(u32(data.length), content, u32(crc32(content)));
}

function chunksOf(file: Uint8Array): { name: string; data: Uint8Array }[] {
  const chunks: { name: string; data: Uint8Array }[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  for (let at = START; at < file.length; at += view.getUint32(at) + 12)
    chunks.push({
      name: Buffer.from(file.subarray(at + 4, at + 8)).toString('latin1'),
      data: file.slice(at + 8, at + 8 + view.getUint32(at)),
    });
  return chunks;
}

export function* oddPngs(file: Uint8Array): Generator<Odd, void, undefined> {
  const chunks = chunksOf(file);
  const made = (parts: readonly { name: string; data: Uint8Array }[]): Uint8Array =>
    joined(file.slice(0, START), ...parts.map(({ name, data }) => chunk(name, data)));
  const [header, ...rest] = chunks as [(typeof chunks)[0], ...typeof chunks];
  const headed = (at: number, ...bytes: number[]) =>
    made([{ name: 'IHDR', data: patched(header.data, at, ...bytes) }, ...rest]);
  const without = (left: string) => made(chunks.filter(({ name }) => name !== left));
  for (const name of ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']) yield [`no-${name}`, without(name)];
  yield ['width-0', headed(0, 0, 0, 0, 0)];
  yield ['height-0', headed(4, 0, 0, 0, 0)];
  yield ['height-less', headed(4, 0, 0, 0, 3)];
  yield ['height-more', headed(4, 0, 0, 0, 60)];
  yield ['height-huge', headed(4, 0x7f, 255, 255, 255)];
  yield ['depth-3', headed(8, 3)];
  yield ['colour-5', headed(9, 5)];
  yield ['interlace-2', headed(12, 2)];
  yield [
    'split',
    made(
      chunks.flatMap(({ name, data }) =>
        name === 'IDAT'
          ? Array.from(data, (byte) => ({ name, data: Uint8Array.of(byte) }))
          : [{ name, data }],
      ),
    ),
  ];
  yield ['text', made([header, { name: 'tEXt', data: latin1('Title\0a title') }, ...rest])];
  yield ['unknown', made([header, { name: 'abCd', data: latin1('?') }, ...rest])];
  yield ['unknown-needed', made([header, { name: 'ABCD', data: latin1('?') }, ...rest])];
  yield ['gamma', made([header, { name: 'gAMA', data: u32(30000) }, ...rest])];
  yield ['two-headers', made([header, ...chunks])];
  yield ['wrong-sum-of-header', patched(file, START + 8 + 13 + 4, 0, 0)];
  yield ['wrong-sum-of-data', patched(file, file.length - 13, file.at(-13)! ^ 1)];
}
