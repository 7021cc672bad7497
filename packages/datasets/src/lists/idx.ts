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

interface Header {
  readonly shape: readonly number[];
  /** Where the elements begin, and where they end. */
  readonly start: number;
  readonly end: number;
}

const UNSIGNED_BYTES = 8;
const MOST_DIMENSIONS = 4;
const MOST_HEADER = 4 + 4 * MOST_DIMENSIONS;
const MOST_BYTES = 2 ** 31;

function headerOf(bytes: Buffer, fail: (found: string) => never): Header {
  if (bytes.length < 4) return fail(`it has ${bytes.length} bytes`);
  if (bytes.readUInt16BE(0) !== 0) return fail('it does not begin with two zero bytes');
  const [type, dimensions] = [bytes[2]!, bytes[3]!];
  if (type !== UNSIGNED_BYTES) return fail(`its elements are of the type 0x${type.toString(16)}`);
  if (dimensions < 1 || dimensions > MOST_DIMENSIONS) return fail(`it has ${dimensions} dimensions`);
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) return fail(`it has ${bytes.length} bytes`);
  const shape = Array.from({ length: dimensions }, (_, d) => bytes.readUInt32BE(4 + 4 * d));
  return { shape, start, end: start + shape.reduce((a, b) => a * b, 1) };
}

/**
 * @param path of an IDX file of unsigned bytes; `.gz` is read as what it holds
 * @throws DataError when it is another type or none, cut short, longer than its header says, or longer than 2 GiB
 */
export async function readIdx(path: string): Promise<IdxArray> {
  const fail = (found: string): never => {
    throw new DataError(`expected IDX of unsigned bytes in ${path}, but ${found}; fetch it again.`, { path });
  };
  const chunks: Buffer[] = [];
  let length = 0;
  let header: Header | undefined;
  for await (const chunk of fileBytes(path)) {
    chunks.push(chunk);
    length += chunk.length;
    // A pipe may give less than a header at first.
    if (!header && length >= MOST_HEADER) header = headerOf(Buffer.concat(chunks), fail);
    if (length > Math.min(header?.end ?? MOST_BYTES, MOST_BYTES)) break;
  }
  const bytes = Buffer.concat(chunks);
  const { shape, start, end } = header ?? headerOf(bytes, fail);
  if (length > end) fail(`it is longer than the ${end} bytes that its header says`);
  if (length > MOST_BYTES) fail(`it is longer than the ${MOST_BYTES} bytes that are taken`);
  if (length < end) fail(`it has ${length} of the ${end} bytes that its header says`);
  return { shape, data: bytes.subarray(start) };
}
