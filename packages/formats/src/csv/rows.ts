/** Rows of a CSV by their number, split into fields, some megabytes at a time. */
import { DataError } from '@longtail/core';
import type { Source } from '../source.ts';
import type { Range } from '../table.ts';
import { lineOf } from './row-index.ts';
import { QuoteError, splitCsv } from './split.ts';

export interface Rows {
  readonly source: Source;
  /** Where each row begins, in bytes, and where the last one ends: [rows + 1]. */
  readonly offsets: Float64Array;
  readonly delimiter: string;
}

/** Bytes that are read at once, unless a row is longer. */
const BATCH = 2 ** 22;

/** Every row of a range, with its number. @throws DataError with the line of a quote that stands alone */
export async function* eachBatch(
  rows: Rows,
  { start, end }: Range,
): AsyncGenerator<{ at: number; batch: string[][] }> {
  for (let at = start; at < end; ) {
    const until = batchEnd(rows.offsets, at, end);
    yield { at, batch: await splitRows(rows, { start: at, end: until }) };
    at = until;
  }
}

/** The last row, exclusive, that is still to be split with `start`. */
function batchEnd(offsets: Float64Array, start: number, end: number): number {
  let until = start + 1;
  while (until < end && offsets[until + 1]! - offsets[start]! <= BATCH) until++;
  return until;
}

export async function splitRows(
  { source, offsets, delimiter }: Rows,
  { start, end }: Range,
): Promise<string[][]> {
  const from = offsets[start]!;
  const text = new TextDecoder().decode(await source.read(from, offsets[end]! - from));
  try {
    return splitCsv(text, delimiter);
  } catch (cause) {
    if (!(cause instanceof QuoteError)) throw cause;
    const line = await lineOf(source, offsets[start + cause.rows]!);
    throw new DataError(
      `${source.path}:${line}: expected quotes around whole fields, but one stands alone; write quotes inside of fields twice.`,
      { path: source.path, line },
      { cause },
    );
  }
}
