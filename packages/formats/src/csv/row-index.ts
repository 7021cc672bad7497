/** Where each row of a CSV begins (RFC 4180: a newline inside double quotes ends no row), in one pass over the source. */
import { DataError } from '@longtail/core';
import type { Source } from '../source.ts';

const CHUNK = 2 ** 20;
/** A quote that is never closed makes the rest of the file one row. */
const MAX_ROW = 2 ** 24;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

/**
 * @param start first byte to look at
 * @returns the byte where each row that is not empty begins, and, last, the file's size: [rows + 1]
 * @throws DataError with the line of a row that does not end
 */
export async function rowOffsets(source: Source, start: number): Promise<Float64Array> {
  const offsets: number[] = [];
  let [quoted, empty, rowStart] = [false, true, start];
  for (let from = start; from < source.size; from += CHUNK) {
    const chunk = await source.read(from, Math.min(CHUNK, source.size - from));
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === QUOTE) quoted = !quoted;
      if (byte === NEWLINE && !quoted) {
        if (!empty) offsets.push(rowStart);
        [empty, rowStart] = [true, from + i + 1];
      } else if (byte !== RETURN) empty = false;
    }
    if (from + chunk.length - rowStart > MAX_ROW)
      throw new DataError(
        `${source.path}:${await lineOf(source, rowStart)}: expected a row of at most ${MAX_ROW} bytes, but it has more; close its quotes.`,
        { path: source.path, offset: rowStart },
      );
  }
  if (!empty) offsets.push(rowStart);
  return Float64Array.from([...offsets, source.size]);
}

/** The line, from 1, of a byte. */
export async function lineOf(source: Source, offset: number): Promise<number> {
  let line = 1;
  for (let from = 0; from < offset; from += CHUNK)
    for (const byte of await source.read(from, Math.min(CHUNK, offset - from))) if (byte === NEWLINE) line++;
  return line;
}
