/** From a page's bytes to levels and numbers: decompression, levels, PLAIN, dictionary and BYTE_STREAM_SPLIT. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type ElementType, toFloat64, typedArray } from '../element-type.ts';
import type { Page } from './pages.ts';
import { runLengthValues } from './run-length.ts';
import { unsnapped } from './snappy.ts';

/** The error for what is wrong with a page; the caller knows its file and place. */
type Refuse = (found: string, cause?: unknown) => Error;

const NODE = { GZIP: gunzipSync, BROTLI: brotliDecompressSync, ZSTD: zstdDecompressSync } as const;

function decompressed(input: Uint8Array, codec: string, full: number, refuse: Refuse): Uint8Array {
  if (codec === 'UNCOMPRESSED' || full === 0) return input;
  if (codec !== 'SNAPPY' && !Object.hasOwn(NODE, codec))
    throw refuse(`is compressed by ${codec}; write it with zstd, snappy, gzip, brotli or none`);
  let output: Uint8Array | undefined;
  try {
    output =
      codec === 'SNAPPY'
        ? unsnapped(input, full)
        : NODE[codec as keyof typeof NODE](input, { maxOutputLength: full });
  } catch (cause) {
    throw refuse(`does not decompress (${(cause as Error).message})`, cause);
  }
  if (output?.length !== full) throw refuse(`does not decompress to ${full} bytes`);
  return output;
}

export interface Levels {
  /** [values], or undefined where the column has none. */
  readonly repetition: Uint32Array | undefined;
  readonly definition: Uint32Array | undefined;
}

/** Takes a page apart: the levels' values, and the bytes of the numbers. */
export function opened(
  bytes: Uint8Array,
  page: Page,
  {
    codec,
    repetition,
    definition,
    refuse,
  }: { codec: string; repetition: number; definition: number; refuse: Refuse },
): Levels & { body: Uint8Array } {
  const v2 = page.kind === 'data v2';
  const [first, second] = [page.repetitionBytes, page.repetitionBytes + page.definitionBytes];
  const packed = bytes.subarray(second);
  let body = page.compressed ? decompressed(packed, codec, page.full - second, refuse) : packed;
  /** Of v1, the next bytes of the body, after their length. */
  const prefixed = (): Uint8Array => {
    if (body.length < 4) throw refuse('has no levels');
    const end = 4 + new DataView(body.buffer, body.byteOffset).getUint32(0, true);
    const part = body.subarray(4, end);
    body = body.subarray(end);
    return part;
  };
  const levels = (most: number, start: number, end: number): Uint32Array | undefined => {
    if (most === 0) return undefined;
    const part = v2 ? bytes.subarray(start, end) : prefixed();
    const found = runLengthValues(part, 32 - Math.clz32(most), page.values);
    if (!found) throw refuse('has too few levels');
    return found;
  };
  const found = { repetition: levels(repetition, 0, first), definition: levels(definition, first, second) };
  return { ...found, body };
}

/** @returns [count] numbers; int64 rounded to doubles, which all labels survive */
export function numbers(
  body: Uint8Array,
  count: number,
  {
    encoding,
    type,
    dictionary,
    refuse,
  }: { encoding: string; type: ElementType; dictionary: Float64Array | undefined; refuse: Refuse },
): Float64Array {
  if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY')
    return lookedUp(body, count, dictionary, refuse);
  if (encoding !== 'PLAIN' && encoding !== 'BYTE_STREAM_SPLIT')
    throw refuse(`is encoded by ${encoding}; write it with PLAIN or a dictionary`);
  const size = count * type.bytes;
  if (size > body.length) throw refuse(`has ${body.length} bytes for ${count} values`);
  const bytes = new Uint8Array(size);
  if (encoding === 'PLAIN') bytes.set(body.subarray(0, size));
  else join(body, bytes, count, type.bytes);
  return toFloat64(typedArray(bytes, type), type.name);
}

function lookedUp(
  body: Uint8Array,
  count: number,
  dictionary: Float64Array | undefined,
  refuse: Refuse,
): Float64Array {
  const width = body[0] ?? 33;
  const places = width > 32 ? undefined : runLengthValues(body.subarray(1), width, count);
  if (!places || !dictionary) throw refuse('has no places in a dictionary');
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const place = places[i]!;
    if (place >= dictionary.length) throw refuse(`names ${place} of a dictionary of ${dictionary.length}`);
    values[i] = dictionary[place]!;
  }
  return values;
}

/** BYTE_STREAM_SPLIT: the first bytes of all values, then the second ones. */
function join(body: Uint8Array, into: Uint8Array, count: number, bytes: number): void {
  for (let b = 0; b < bytes; b++) for (let i = 0; i < count; i++) into[i * bytes + b] = body[b * count + i]!;
}
