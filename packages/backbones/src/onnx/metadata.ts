/**
 * The key-value pairs of an ONNX file, which the runtime's JavaScript does not show: field 14 of ModelProto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), each a message of key = 1 and value = 2, in the wire format of
 * https://protobuf.dev/programming-guides/encoding. The weights lie in another field, which is stepped over unread.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { DataError } from '@longtail/core';

const METADATA = 14;
/** A tag and a length of ten bytes each, the longest there are. */
const HEAD = 20;

interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

function varint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    value += (bytes[at + i]! & 127) * 128 ** i;
    if (bytes[at + i]! < 128) return { value, end: at + i + 1 };
  }
  return { value: Number.NaN, end: at };
}

/** The field that begins at `at`; undefined where none does. */
function fieldAt(bytes: Uint8Array, at: number): Field | undefined {
  const tag = varint(bytes, at);
  const number = Math.floor(tag.value / 8);
  if (!(number >= 1)) return undefined;
  const next = varint(bytes, tag.end);
  const fixed = { 1: 8, 5: 4 }[tag.value % 8];
  if (fixed) return { number, start: tag.end, end: tag.end + fixed };
  if (tag.value % 8 === 0) return { number, start: tag.end, end: next.end };
  if (tag.value % 8 !== 2 || Number.isNaN(next.value)) return undefined;
  return { number, start: next.end, end: next.end + next.value };
}

function pairOf(bytes: Uint8Array): [key: string, value: string] {
  const texts = ['', ''] as [string, string];
  for (let at = 0; at < bytes.length; ) {
    const field = fieldAt(bytes, at);
    if (!field) break;
    if (field.number <= 2)
      texts[field.number - 1] = new TextDecoder().decode(bytes.subarray(field.start, field.end));
    at = field.end;
  }
  return texts;
}

async function bytesOf(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

/**
 * @returns value by key in lower case; what follows a field that cannot be read is left to the runtime to refuse
 * @throws DataError when the file cannot be opened
 */
export async function readMetadata(file: string): Promise<ReadonlyMap<string, string>> {
  const pairs = new Map<string, string>();
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      for (let at = 0; at < size; ) {
        const field = fieldAt(await bytesOf(handle, at, HEAD), 0);
        if (!field || at + field.end > size) break;
        if (field.number === METADATA) {
          const [key, value] = pairOf(await bytesOf(handle, at + field.start, field.end - field.start));
          pairs.set(key.toLowerCase(), value);
        }
        at += field.end;
      }
    } finally {
      await handle[Symbol.asyncDispose]();
    }
  } catch (cause) {
    const { code } = cause as { code?: string };
    throw new DataError(`expected an ONNX model, but cannot read ${file} (${code}).`, { file }, { cause });
  }
  return pairs;
}
