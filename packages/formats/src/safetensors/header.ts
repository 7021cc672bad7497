/**
 * Named arrays after one header (github.com/huggingface/safetensors): u64 N, N bytes of JSON
 * {name: {dtype, shape, data_offsets}}, then the bytes. This is the header alone.
 */
import { DataError } from '@longtail/core';
import { utf8 } from '../bytes.ts';
import { type Dtype, elementType } from '../element-type.ts';
import { elements, isSize, shown } from '../stored-array.ts';

export const DTYPES: Readonly<Record<string, Dtype>> = {
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
  BOOL: 'bool',
  I8: 'int8',
  I16: 'int16',
  I32: 'int32',
  I64: 'int64',
  U8: 'uint8',
  U16: 'uint16',
  U32: 'uint32',
  U64: 'uint64',
};
/** The format's own limit. */
export const MAX_HEADER = 100_000_000;

export interface Entry {
  readonly name: string;
  /** Undefined for one that is unknown here, such as F8_E4M3; it may belong to a tensor that nobody asks for. */
  readonly dtype: Dtype | undefined;
  readonly typeName: string;
  readonly shape: readonly number[];
  /** In bytes after the header. */
  readonly from: number;
  readonly to: number;
}

export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws DataError unless it is the header of a safetensors file */
export function parseHeader(bytes: Uint8Array, path: string): Header {
  const { __metadata__: metadata, ...entries } = parsed(bytes, path);
  return {
    entries: Object.entries(entries).map(([name, entry]) => entryOf(name, entry, path)),
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    ),
  };
}

function parsed(bytes: Uint8Array, path: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(utf8(bytes));
  } catch (cause) {
    throw refused(path, 8, `its header is no JSON (${(cause as Error).message})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw refused(path, 8, 'its header is no JSON object');
  return header as Record<string, unknown>;
}

const areSizes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isSize);

function entryOf(name: string, entry: unknown, path: string): Entry {
  const { dtype, shape, data_offsets: place } = (entry ?? {}) as Record<string, unknown>;
  const fail = (found: string) => refused(path, 8, `"${name.slice(0, 80)}" ${found}`);
  if (typeof dtype !== 'string') throw fail('has no dtype');
  if (!areSizes(shape)) throw fail('has no shape');
  if (!areSizes(place) || place.length !== 2) throw fail('has no data_offsets');
  const known = Object.hasOwn(DTYPES, dtype) ? DTYPES[dtype] : undefined;
  const [from, to] = place as [number, number];
  if (to < from || (known && to - from !== elements(shape) * elementType(known).bytes))
    throw fail(`has ${to - from} bytes for ${dtype.slice(0, 20)} ${shown(shape)}`);
  return { name, dtype: known, typeName: known ?? dtype.slice(0, 20), shape, from, to };
}

export function refused(path: string, offset: number, found: string): DataError {
  return new DataError(
    `${path}: expected a whole safetensors file, with its header at byte ${offset}, but ${found}; fetch or write it again.`,
    { path, offset },
  );
}
