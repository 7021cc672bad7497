/**
 * DEFLATE and gzip, by the `DecompressionStream` that Node and browsers share. What is compressed can only be read from its
 * start, so it is inflated into memory, once, when the first of its bytes beyond the head is asked for.
 */
import { DataError } from '@longtail/core';
import { inMemory, type Source } from './source.ts';

/** Of one member or file, inflated. */
export const MAX_INFLATED: number = 2 ** 31;
const CHUNK = 2 ** 20;
/** DEFLATE's own limit: 258 bytes from 2 bits. */
const MAX_RATIO = 1032;
/** Headers lie here: they are read without inflating the rest. */
const HEAD = 2 ** 16;

interface Compressed {
  readonly source: Source;
  readonly kind: 'deflate-raw' | 'gzip';
  readonly start: number;
  readonly length: number;
}

async function* chunksOf({ source, start, length }: Compressed): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < length; at += CHUNK)
    yield await source.read(start + at, Math.min(CHUNK, length - at));
}

/** Node tells it in the error's cause. */
const reasonOf = (error: unknown): string =>
  (error as Error).message || ((error as Error).cause as Error | undefined)?.message || 'they are damaged';

/** The first bytes of what was compressed, at most `most`. */
async function inflate(compressed: Compressed, most: number): Promise<Uint8Array> {
  const { source, kind, start, length } = compressed;
  const chunks = chunksOf(compressed);
  const deflated = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  // Grows in place: what is large is in memory once.
  const bytes = new ArrayBuffer(0, { maxByteLength: Math.min(most, length * MAX_RATIO + 64) });
  try {
    for await (const piece of deflated.pipeThrough(new DecompressionStream(kind))) {
      const at = bytes.byteLength;
      const kept = piece.subarray(0, bytes.maxByteLength - at);
      bytes.resize(at + kept.length);
      new Uint8Array(bytes, at).set(kept);
      if (bytes.byteLength === bytes.maxByteLength) break;
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `${source.path}: expected compressed bytes at byte ${start}, but they do not inflate (${reasonOf(cause)}); fetch or write the file again.`,
      { path: source.path, offset: start },
      { cause },
    );
  }
  return new Uint8Array(bytes);
}

/**
 * A member of a zip, deflated, as a source of its own.
 *
 * @param compressed.size how many bytes it is said to be
 * @throws DataError, when it is read, unless it inflates to exactly so many
 */
export function inflated(compressed: Omit<Compressed, 'kind'> & { size: number }): Source {
  const { source, start, size } = compressed;
  const deflated: Compressed = { ...compressed, kind: 'deflate-raw' };
  const wrong = (found: string) =>
    new DataError(
      `${source.path}: expected ${size} bytes to be compressed at byte ${start}, but there are ${found}; write the file again.`,
      { path: source.path, offset: start, size },
    );
  const open = async (most: number): Promise<Source> => {
    const bytes = await inflate(deflated, most);
    if (bytes.length === Math.min(size, most)) return inMemory(bytes, source.path);
    throw wrong(bytes.length > size ? 'more' : String(bytes.length));
  };
  let [head, whole]: (Promise<Source> | undefined)[] = [];
  return {
    path: source.path,
    size,
    read(offset, length) {
      const isHead = offset + length <= Math.min(HEAD, size);
      if (isHead) head ??= open(HEAD);
      else whole ??= open(size + 1);
      return (isHead ? head! : whole!).then((opened) => opened.read(offset, length));
    },
    close: async () => {},
  };
}

/** What a gzip file holds, in memory; the file is closed. @throws DataError when it is no whole gzip, or too large */
export async function gunzipped(source: Source): Promise<Source> {
  try {
    const { path, size: length } = source;
    const bytes = await inflate({ source, kind: 'gzip', start: 0, length }, MAX_INFLATED + 1);
    if (bytes.length > MAX_INFLATED)
      throw new DataError(
        `${path}: expected at most ${MAX_INFLATED} bytes to be compressed, but there are more; decompress the file.`,
        { path },
      );
    return inMemory(bytes, path);
  } finally {
    await source.close();
  }
}
