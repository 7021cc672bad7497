/**
 * Rows of numbers as text: CSV and TSV, with or without a header, LF or CRLF, quotes, a byte order mark. The file is
 * passed over once for where its rows begin; fields are split and read for the rows that are asked for.
 */
import { DataError } from '@longtail/core';
import type { OpenFile } from '../open-file.ts';
import type { Table } from '../table-features.ts';
import { fieldsOf } from './fields.ts';
import { lineOf, NEWLINE, RETURN, rowOffsets } from './row-index.ts';

/** Bytes that are read at once, unless a row is longer. */
const BATCH = 2 ** 22;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** @throws DataError when it has no rows, or quotes are not closed; rows are checked when they are read */
export async function csvTable(
  file: OpenFile,
  { delimiter, header }: { delimiter: string; header?: boolean },
): Promise<Table> {
  const marked = file.size >= 3 && file.readNow(0, 3).equals(BYTE_ORDER_MARK);
  const offsets = await rowOffsets(file, marked ? 3 : 0);
  const rows = offsets.length - 1;
  if (rows === 0)
    throw new DataError(`${file.path}:1: expected rows of numbers, but there are none.`, { path: file.path });
  const line = (row: number) => lineOf(file, offsets[row]!);
  const split = (start: number, end: number) => splitRows(file, offsets, { start, end, delimiter });
  const [first] = (await split(0, 1)) as [string[]];
  const skipped =
    (header ?? first.some((field) => Number.isNaN(toNumber(field)) && !isNaNText(field))) ? 1 : 0;
  const columns = first.map((field, i) => ({ name: skipped ? field.trim() : String(i), width: 1 }));

  return {
    columns,
    length: rows - skipped,
    place: async (row) => `line ${await line(row + skipped)}`,
    async read(wanted, start, end) {
      const values = new Float64Array((end - start) * wanted.length);
      let row = start + skipped;
      while (row < end + skipped) {
        const until = batchEnd(offsets, row, end + skipped);
        for (const fields of await split(row, until)) {
          const wrong = readRow(fields, wanted, columns, values, (row - start - skipped) * wanted.length);
          if (wrong)
            throw new DataError(`${file.path}:${await line(row)}: expected ${wrong}.`, {
              path: file.path,
              row,
            });
          row++;
        }
      }
      return values;
    },
  };
}

/** The last row, exclusive, that is still to be split with `start`. */
function batchEnd(offsets: Float64Array, start: number, end: number): number {
  let until = start + 1;
  while (until < end && offsets[until + 1]! - offsets[start]! <= BATCH) until++;
  return until;
}

async function splitRows(
  file: OpenFile,
  offsets: Float64Array,
  { start, end: last, delimiter }: { start: number; end: number; delimiter: string },
): Promise<string[][]> {
  const from = offsets[start]!;
  const bytes = await file.read(from, offsets[last]! - from);
  const rows: string[][] = [];
  for (let row = start; row < last; row++) {
    let end = offsets[row + 1]! - from;
    while (bytes[end - 1] === NEWLINE || bytes[end - 1] === RETURN) end--;
    const fields = fieldsOf(bytes.toString('utf8', offsets[row]! - from, end), delimiter);
    if (!fields)
      throw new DataError(
        `${file.path}:${await lineOf(file, offsets[row]!)}: expected quotes around whole fields, but one stands alone; write quotes inside of fields twice.`,
        { path: file.path, offset: offsets[row] },
      );
    rows.push(fields);
  }
  return rows;
}

/** Writes the wanted fields to `values` from `at` on; what was expected, and what there is, if one is no number. */
function readRow(
  fields: readonly string[],
  wanted: readonly number[],
  columns: Table['columns'],
  values: Float64Array,
  at: number,
): string | undefined {
  if (fields.length !== columns.length) return `${columns.length} fields, but there are ${fields.length}`;
  for (const [i, column] of wanted.entries()) {
    const field = fields[column]!;
    const value = toNumber(field);
    if (Number.isNaN(value) && !isNaNText(field))
      return `a number in the column "${columns[column]!.name}", but it holds ${JSON.stringify(field.slice(0, 40))}; name the columns with \`features\``;
    values[at + i] = value;
  }
  return undefined;
}

const isNaNText = (field: string): boolean => /^\s*[+-]?nan\s*$/i.test(field);

/** NaN for what is no number, and for NaN; `inf` as NumPy writes it. */
function toNumber(field: string): number {
  const value = Number(field);
  if (!Number.isNaN(value)) return value === 0 && field.trim() === '' ? Number.NaN : value;
  const [, sign] = /^\s*([+-]?)inf(?:inity)?\s*$/i.exec(field) ?? [];
  return sign === undefined ? Number.NaN : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
