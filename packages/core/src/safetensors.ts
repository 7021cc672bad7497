/**
 * Named arrays in one file: the safetensors format (github.com/huggingface/safetensors).
 * Little-endian u64 N, then N bytes of JSON {name: {dtype, shape, data_offsets}}, then the bytes.
 * Bytes in, bytes out: reading and writing files is the caller's.
 */
import { DataError } from './errors.ts';

export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array | BigInt64Array;
}
export type NamedArrays = ReadonlyMap<string, NamedArray>;

const TYPES = { F32: Float32Array, I32: Int32Array, U8: Uint8Array, I64: BigInt64Array } as const;
const MAX_HEADER = 100_000_000;
type Dtype = keyof typeof TYPES;

function dtypeOf(data: NamedArray['data']): Dtype {
  return (Object.keys(TYPES) as Dtype[]).find((dtype) => data instanceof TYPES[dtype])!;
}

/**
 * @param arrays name to array; F32, I32, U8 or I64
 * @param metadata string to string, kept under `__metadata__`
 */
export function encodeSafetensors(arrays: NamedArrays, metadata: Record<string, string> = {}): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of arrays) {
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8; // the data begins at a multiple of 8, as other writers do
  const file = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, 8);
  let at = 8 + padded;
  for (const { data } of arrays.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * @param file the whole file's bytes
 * @param source its name, for error messages
 * @throws DataError when the header does not parse, an array's bytes do not fit its shape, or bytes are missing
 */
export function decodeSafetensors(
  file: Uint8Array,
  { source = 'safetensors' }: { source?: string } = {},
): { arrays: Map<string, NamedArray>; metadata: Record<string, string> } {
  const fail = (found: string): never => {
    throw new DataError(
      `${source}: expected a whole safetensors file, but ${found}; fetch or write it again.`,
      {
        source,
      },
    );
  };
  if (file.length < 8) fail(`it has ${file.length} bytes`);
  const headerLength = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (headerLength > Math.min(MAX_HEADER, file.length - 8)) fail(`its header claims ${headerLength} bytes`);
  let header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + headerLength)));
  } catch {
    return fail('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null) fail('its header is no JSON object');
  const { __metadata__: metadata = {}, ...entries } = header as typeof header & Record<'__metadata__', never>;
  const arrays = new Map<string, NamedArray>();
  for (const [name, entry] of Object.entries(entries)) {
    const type = TYPES[entry?.dtype as Dtype] ?? fail(`"${name}" has the unknown dtype ${entry?.dtype}`);
    if (!Array.isArray(entry.data_offsets)) fail(`"${name}" has no data_offsets`);
    if (!Array.isArray(entry.shape)) fail(`"${name}" has no shape`);
    const [from, to] = entry.data_offsets;
    const size = entry.shape.reduce((n, d) => n * d, type.BYTES_PER_ELEMENT);
    if (!(from >= 0) || to - from !== size)
      fail(`"${name}" of shape [${entry.shape}] has ${to - from} bytes`);
    if (8 + headerLength + to > file.length)
      fail(`"${name}" ends ${8 + headerLength + to - file.length} bytes past its end`);
    // A copy, so that the array starts aligned whatever the header's length was (Buffer's own slice would not copy).
    const bytes = Uint8Array.prototype.slice.call(file, 8 + headerLength + from, 8 + headerLength + to);
    arrays.set(name, { shape: entry.shape, data: new type(bytes.buffer) });
  }
  return { arrays, metadata };
}
