/**
 * IDX, the format of MNIST (yann.lecun.com/exdb/mnist): two zero bytes, the type (8: unsigned bytes), the number of
 * dimensions, each dimension as a big-endian u32, then the elements.
 */
import { DataError } from '@longtail/core';
import { fileBytes } from './text-file.ts';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const UNSIGNED_BYTES = 8;
const MOST_BYTES = 2 ** 31;

/** What a header says, or what is wrong with it. */
function headerOf(bytes: Buffer): { shape: number[]; start: number } | string {
  if (bytes.length < 4) return `it has ${bytes.length} bytes`;
  if (bytes.readUInt16BE(0) !== 0) return 'it does not begin with two zero bytes';
  const [type, dimensions] = [bytes[2]!, bytes[3]!];
  if (type !== UNSIGNED_BYTES) return `its elements are of the type 0x${type.toString(16)}`;
  if (dimensions < 1 || dimensions > 4) return `it has ${dimensions} dimensions`;
  if (bytes.length < 4 + 4 * dimensions) return `it has ${bytes.length} bytes`;
  const shape = Array.from({ length: dimensions }, (_, d) => bytes.readUInt32BE(4 + 4 * d));
  return { shape, start: 4 + 4 * dimensions };
}

/**
 * @param path of an IDX file of unsigned bytes; `.gz` is read as what it holds
 * @throws DataError when it is another type or none, cut short, or longer than its header says
 */
export async function readIdx(path: string): Promise<IdxArray> {
  const fail = (found: string): never => {
    throw new DataError(`expected IDX of unsigned bytes in ${path}, but ${found}; fetch it again.`, { path });
  };
  const chunks: Buffer[] = [];
  let [length, most] = [0, MOST_BYTES];
  for await (const chunk of fileBytes(path)) {
    chunks.push(chunk);
    length += chunk.length;
    if (chunks.length === 1) {
      const header = headerOf(chunk);
      if (typeof header === 'string') return fail(header);
      most = header.start + header.shape.reduce((a, b) => a * b, 1);
    }
    if (length > most) fail(`it is longer than the ${most} bytes that its header says`);
  }
  const bytes = Buffer.concat(chunks);
  const header = headerOf(bytes);
  if (typeof header === 'string') return fail(header);
  if (length < most) fail(`it has ${length} of the ${most} bytes that its header says`);
  return { shape: header.shape, data: bytes.subarray(header.start) };
}
