/**
 * Named arrays after one header (github.com/huggingface/safetensors): u64 N, N bytes of JSON
 * {name: {dtype, shape, data_offsets}}, then the bytes. Only the header is read here; core's decodeSafetensors reads all.
 */
import { DataError } from '@longtail/core';
import { type ElementName, elementType } from './element-type.ts';
import type { OpenFile } from './open-file.ts';
import { checkExtent, elements, type StoredArray } from './stored-array.ts';

const TYPES: Record<string, ElementName> = {
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
const MAX_HEADER = 100_000_000;

/** @throws DataError when the header is none, or a tensor's place does not fit its shape or the file */
export function safetensorsArrays(file: OpenFile): StoredArray[] {
  if (file.size < 8) throw refused(file, 0, `it has ${file.size} bytes`);
  const length = Number(file.readNow(0, 8).readBigUInt64LE());
  if (length > Math.min(MAX_HEADER, file.size - 8))
    throw refused(file, 0, `its header claims ${length} bytes`);
  const header = parsed(file, file.readNow(8, length));
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => tensor(file, name, entry, 8 + length));
}

function parsed(file: OpenFile, bytes: Buffer): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refused(file, 8, `its header is no JSON (${(cause as Error).message})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw refused(file, 8, 'its header is no JSON object');
  return header as Record<string, unknown>;
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const areSizes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isSize);

function tensor(file: OpenFile, name: string, entry: unknown, dataStart: number): StoredArray {
  const { dtype, shape, data_offsets: place } = (entry ?? {}) as Record<string, unknown>;
  const fail = (found: string) => refused(file, 8, `"${name.slice(0, 80)}" ${found}`);
  if (typeof dtype !== 'string') throw fail('has no dtype');
  if (!areSizes(shape)) throw fail('has no shape');
  if (!areSizes(place) || place.length !== 2) throw fail('has no data_offsets');
  const known = Object.hasOwn(TYPES, dtype) ? elementType(TYPES[dtype]!) : undefined;
  const [from, to] = place as [number, number];
  // A type unknown here may belong to a tensor that nobody asks for.
  if (known && to - from !== elements(shape) * known.bytes)
    throw fail(`has ${to - from} bytes for ${dtype} [${shape.slice(0, 8)}]`);
  const array = {
    name,
    shape,
    type: known,
    typeName: known?.name ?? dtype.slice(0, 20),
    offset: dataStart + from,
  };
  return checkExtent(array, { path: file.path, end: file.size });
}

function refused({ path }: OpenFile, offset: number, found: string): DataError {
  return new DataError(
    `${path}: expected a whole safetensors file, with its header at byte ${offset}, but ${found}; fetch or write it again.`,
    { path, offset },
  );
}
