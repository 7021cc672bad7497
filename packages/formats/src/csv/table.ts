/**
 * Rows of numbers as text: CSV and TSV, with or without a header, LF or CRLF, quotes, a byte order mark. The file is
 * passed over once for where its rows begin; fields are split and read for the rows that are asked for.
 */
import { DataError } from '@longtail/core';
import type { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { Source } from '../source.ts';
import type { Table } from '../table.ts';
import { lineOf, rowOffsets } from './row-index.ts';

/** Bytes that are read at once, unless a row is longer. */
const BATCH = 2 ** 22;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** @throws DataError when it has no rows, or quotes are not closed; rows are checked when they are read */
export async function csvTable(
  source: Source,
  { delimiter, header }: { delimiter: string; header?: boolean },
): Promise<Table> {
  const head = await source.read(0, Math.min(3, source.size));
  const marked = BYTE_ORDER_MARK.every((byte, i) => head[i] === byte);
  const offsets = await rowOffsets(source, marked ? 3 : 0);
  const rows = offsets.length - 1;
  if (rows === 0)
    throw new DataError(`${source.path}:1: expected rows of numbers, but there are none.`, {
      path: source.path,
    });
  const [first] = (await splitRows(source, offsets, { start: 0, end: 1, delimiter })) as [string[]];
  const skipped = (header ?? first.some(isNoNumber)) ? 1 : 0;
  const columns = first.map((field, i) => ({ name: skipped ? field.trim() : String(i), width: 1 }));
  return {
    columns,
    length: rows - skipped,
    place: async (row) => `line ${await lineOf(source, offsets[row + skipped]!)}`,
    read: (wanted, start, end) =>
      readRows(source, offsets, {
        start: start + skipped,
        end: end + skipped,
        delimiter,
        write: (fields, values, at) => writeRow(fields, wanted, columns, values, at),
        width: wanted.length,
      }),
  };
}

/** Rows [start, end) by what `write` takes from each; it returns what was expected instead, and what there is. */
async function readRows(
  source: Source,
  offsets: Float64Array,
  {
    start,
    end,
    delimiter,
    write,
    width,
  }: {
    start: number;
    end: number;
    delimiter: string;
    write: (fields: readonly string[], values: Float64Array, at: number) => string | undefined;
    width: number;
  },
): Promise<Float64Array> {
  const values = new Float64Array((end - start) * width);
  for (let row = start; row < end; ) {
    const until = batchEnd(offsets, row, end);
    for (const fields of await splitRows(source, offsets, { start: row, end: until, delimiter })) {
      const wrong = write(fields, values, (row - start) * width);
      if (wrong) {
        const line = await lineOf(source, offsets[row]!);
        throw new DataError(`${source.path}:${line}: expected ${wrong}.`, { path: source.path, line });
      }
      row++;
    }
  }
  return values;
}

/** The last row, exclusive, that is still to be split with `start`. */
function batchEnd(offsets: Float64Array, start: number, end: number): number {
  let until = start + 1;
  while (until < end && offsets[until + 1]! - offsets[start]! <= BATCH) until++;
  return until;
}

async function splitRows(
  source: Source,
  offsets: Float64Array,
  { start, end, delimiter }: { start: number; end: number; delimiter: string },
): Promise<string[][]> {
  const from = offsets[start]!;
  const bytes = await source.read(from, offsets[end]! - from);
  try {
    return parse(bytes, { delimiter, relax_column_count: true, skip_empty_lines: true });
  } catch (cause) {
    const { records = 0, message } = cause as CsvError & { records?: number };
    const line = await lineOf(source, offsets[start + records]!);
    throw new DataError(
      `${source.path}:${line}: expected quotes around whole fields, but one stands alone (${message}); write quotes inside of fields twice.`,
      { path: source.path, line },
      { cause },
    );
  }
}

/** Writes the wanted fields to `values` from `at` on; what was expected, and what there is, if one is no number. */
function writeRow(
  fields: readonly string[],
  wanted: readonly number[],
  columns: Table['columns'],
  values: Float64Array,
  at: number,
): string | undefined {
  if (fields.length !== columns.length) return `${columns.length} fields, but there are ${fields.length}`;
  for (const [i, column] of wanted.entries()) {
    const field = fields[column]!;
    if (isNoNumber(field))
      return `a number in the column "${columns[column]!.name}", but it holds ${JSON.stringify(field.slice(0, 40))}; name the columns with \`features\``;
    values[at + i] = toNumber(field);
  }
  return undefined;
}

const isNoNumber = (field: string): boolean =>
  Number.isNaN(toNumber(field)) && !/^\s*[+-]?nan\s*$/i.test(field);

/** NaN for what is no number, and for NaN; `inf` as NumPy writes it. */
function toNumber(field: string): number {
  const value = Number(field);
  if (!Number.isNaN(value)) return value === 0 && field.trim() === '' ? Number.NaN : value;
  const [, sign] = /^\s*([+-]?)inf(?:inity)?\s*$/i.exec(field) ?? [];
  return sign === undefined ? Number.NaN : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
