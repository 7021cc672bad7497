/** A page's values as they are stored (Encodings.md): PLAIN, dictionaries, BYTE_STREAM_SPLIT, DELTA_BINARY_PACKED, RLE. */
import { viewOf } from '../bytes.ts';
import { type ArrayData, type ElementType, TYPED_ARRAYS, typedArray } from '../element-type.ts';
import { byteArrays, type Texts } from './byte-arrays.ts';
import { deltaValues } from './delta.ts';
import type { Refuse } from './levels.ts';
import { runLengthValues, unpacked } from './run-length.ts';

/** Numbers, or the bytes of text; undefined where nothing is. */
export type Values = ArrayData | Texts;

interface Stored {
  readonly encoding: string;
  /** Undefined for text. */
  readonly type: ElementType | undefined;
  readonly dictionary: Values | undefined;
  readonly refuse: Refuse;
}

/** @returns [count] */
export function pageValues(body: Uint8Array, count: number, stored: Stored): Values {
  const { encoding, type, dictionary, refuse } = stored;
  if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY')
    return lookedUp(body, count, dictionary, refuse);
  if (!type) return byteArrays(body, count, { encoding, refuse });
  if (type.name === 'bool') return booleans(body, count, stored);
  const size = count * type.bytes;
  if ((encoding === 'PLAIN' || encoding === 'BYTE_STREAM_SPLIT') && size > body.length)
    throw refuse(`has ${body.length} bytes for ${count} values`);
  if (encoding === 'PLAIN') return typedArray(new Uint8Array(body.subarray(0, size)), type);
  if (encoding === 'BYTE_STREAM_SPLIT') return typedArray(joined(body, count, type.bytes), type);
  if (encoding === 'DELTA_BINARY_PACKED' && !type.name.includes('float')) return deltas(body, count, stored);
  throw refuse(`is encoded by ${encoding}; write it with PLAIN or a dictionary`);
}

function lookedUp(body: Uint8Array, count: number, dictionary: Values | undefined, refuse: Refuse): Values {
  const width = count === 0 ? 0 : (body[0] ?? 33);
  const places = width > 32 ? undefined : runLengthValues(body.subarray(1), width, count);
  if (!places || !dictionary) throw refuse('has no places in a dictionary');
  const [from, values] = [dictionary as Float64Array, emptyLike(dictionary, count) as Float64Array];
  for (let i = 0; i < count; i++) {
    const place = places[i]!;
    if (place >= from.length) throw refuse(`names ${place} of a dictionary of ${from.length}`);
    values[i] = from[place]!;
  }
  return values;
}

function emptyLike(values: Values, length: number): Values {
  if (Array.isArray(values)) return new Array<undefined>(length);
  return new (values.constructor as new (length: number) => ArrayData)(length);
}

/** The first bytes of all values, then the second ones. */
function joined(body: Uint8Array, count: number, bytes: number): Uint8Array<ArrayBuffer> {
  const into = new Uint8Array(count * bytes);
  for (let b = 0; b < bytes; b++) for (let i = 0; i < count; i++) into[i * bytes + b] = body[b * count + i]!;
  return into;
}

function deltas(body: Uint8Array, count: number, { type, refuse }: Stored): ArrayData {
  const found =
    type!.bytes === 4 ? deltaValues(body, Int32Array, count) : deltaValues(body, BigInt64Array, count);
  if (!found) throw refuse(`does not hold ${count} differences`);
  return new TYPED_ARRAYS[type!.name](found.values.buffer as ArrayBuffer);
}

/** A bit each, or, after their length, runs. */
function booleans(body: Uint8Array, count: number, { encoding, refuse }: Stored): Uint8Array {
  if (encoding !== 'PLAIN' && encoding !== 'RLE')
    throw refuse(`is encoded by ${encoding}; write it with PLAIN`);
  if (encoding === 'PLAIN' && body.length * 8 < count)
    throw refuse(`has ${body.length} bytes for ${count} values`);
  const bits = encoding === 'PLAIN' ? unpacked(body, 0, 1, count) : runs(body, count);
  if (!bits) throw refuse(`does not hold ${count} values`);
  return Uint8Array.from(bits);
}

function runs(body: Uint8Array, count: number): Uint32Array | undefined {
  if (count === 0) return new Uint32Array(0);
  if (body.length < 4) return undefined;
  return runLengthValues(body.subarray(4, 4 + viewOf(body).getUint32(0, true)), 1, count);
}
