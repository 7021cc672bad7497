/**
 * Rows of fields as text: CSV, with or without a header, LF or CRLF, quotes, a byte order mark, compressed or not. The file is
 * passed over once for where its rows begin; fields are split and read for the rows that are asked for.
 */
import { DataError, InputError } from '@longtail/core';
import type { Source } from '../source.ts';
import type { Column, Nulls, Table } from '../table.ts';
import { delimiterOf, hasHeader, kindsOf } from './dialect.ts';
import { isNumber } from './fields.ts';
import { fieldReader } from './read-fields.ts';
import { lineOf, rowOffsets } from './row-index.ts';
import { type Rows, splitRows } from './rows.ts';
import { splitCsv } from './split.ts';

export interface CsvOptions {
  /** Default: of `,` `;` tab and `|` the one that splits the first rows alike. */
  delimiter?: string;
  /** Whether the first row holds names; default: what the first rows tell. */
  header?: boolean;
  /** Blank fields, NA, null and None: refused by their line, or NaN. */
  nulls?: Nulls;
}

/** By these many rows the file is judged. */
const SAMPLE = 1000;
/** By these its delimiter is. */
const GUESS = 20;
const MARK = [0xef, 0xbb, 0xbf];

/** @throws DataError when it has no rows, or quotes are not closed; rows are checked when they are read */
export async function csvTable(source: Source, options: CsvOptions): Promise<Table> {
  if (options.delimiter !== undefined) checkDelimiter(options.delimiter);
  const offsets = await rowOffsets(source, await textStart(source));
  if (offsets.length === 1)
    throw new DataError(`${source.path}:1: expected rows of numbers, but there are none.`, {
      path: source.path,
    });
  const sample = { start: 0, end: Math.min(SAMPLE, offsets.length - 1) };
  const delimiter = options.delimiter ?? (await guessed(source, offsets));
  const first = await splitRows({ source, offsets, delimiter }, sample);
  checkLines(source.path, first, options.delimiter);
  const header = options.header ?? guessedHeader(source, first);
  const columns = columnsOf(first, header);
  const rows: Rows = { source, offsets: header ? offsets.subarray(1) : offsets, delimiter };
  const reader = fieldReader(rows, columns, options.nulls ?? 'refuse');
  return {
    columns,
    length: rows.offsets.length - 1,
    metadata: {},
    indexColumns: [],
    notes: options.header === undefined ? notesOf(first, header, columns) : [],
    place: async (row) => `line ${await lineOf(source, rows.offsets[row]!)}`,
    ...reader,
    written: async (column, row) => (await reader.readTexts(column, { start: row, end: row + 1 }))[0]!.trim(),
  };
}

/** @throws DataError naming what makes a single column, or ragged rows, of most of a file */
function checkLines(path: string, [names = [], ...rows]: readonly string[][], delimiter?: string): void {
  const refuse = (line: number, found: string) => {
    throw new DataError(`${path}:${line}: expected ${found}.`, { path, line });
  };
  if (rows.length === 0 && names.some((field) => /\r[^\r]/.test(field)))
    refuse(1, 'rows that end with LF or CRLF, but they end with CR alone; save the file with LF');
  const [row = []] = rows;
  if (names[0]!.startsWith('#') && rows.length > 0 && names.length !== row.length)
    refuse(
      1,
      `names or data in the first row, but it is a comment, ${JSON.stringify(names[0]!.slice(0, 40))}; leave it out`,
    );
  if (
    delimiter === undefined &&
    row.length === 1 &&
    /\s/.test(row[0]!.trim()) &&
    row[0]!.trim().split(/\s+/).every(isNumber)
  )
    refuse(
      2,
      `fields between commas, semicolons, tabs or bars, but spaces stand there; say \`delimiter: ' '\`, with one space between fields`,
    );
}

function checkDelimiter(delimiter: string): void {
  if (/^[^"\r\n]$/.test(delimiter)) return;
  throw new InputError(
    `expected one character between fields, no quote or newline, but got the delimiter ${JSON.stringify(delimiter)}.`,
    { delimiter },
  );
}

/** Behind the byte order mark. @throws DataError for UTF-16, as Excel's "Unicode text" is written */
async function textStart(source: Source): Promise<number> {
  const head = await source.read(0, Math.min(3, source.size));
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new DataError(`${source.path}:1: expected text in UTF-8, but it is in UTF-16; save it as UTF-8.`, {
      path: source.path,
    });
  return MARK.every((byte, i) => head[i] === byte) ? 3 : 0;
}

async function guessed(source: Source, offsets: Float64Array): Promise<string> {
  const end = Math.min(GUESS, offsets.length - 1);
  const first = new TextDecoder().decode(await source.read(offsets[0]!, offsets[end]! - offsets[0]!));
  const text = first.replace(/^#.*\n/, (line) => (end > 1 ? '' : line)); // a comment is split by nothing
  return delimiterOf((delimiter) => {
    try {
      return splitCsv(text, delimiter);
    } catch {
      return undefined; // its quotes do not fit
    }
  });
}

function guessedHeader({ path }: Source, first: readonly string[][]): boolean {
  const header = hasHeader(first);
  if (header !== undefined) return header;
  throw new DataError(
    `${path}:1: expected a first row that is a name or a number, but a 0 alone may be either; say \`header: true\` if it is the name that pandas gives, or \`header: false\` if it is data.`,
    { path, line: 1 },
  );
}

function columnsOf(first: readonly string[][], header: boolean): Column[] {
  const kinds = kindsOf(header ? first.slice(1) : first, first[0]!.length);
  const names = header ? different(first[0]!.map((field) => field.trim())) : undefined;
  return kinds.map((kind, i) => ({
    name: names?.[i] ?? String(i),
    kind: kind === 'text' ? 'text' : 'number',
    dtype: kind === 'text' ? undefined : 'float64',
    typeName: kind === 'number' ? 'float64' : kind,
    width: 1,
    isList: false,
    ...(kind === 'bool' && { isWritten: true }),
  }));
}

/** The second column that is called `a` is `a (2)`. */
function different(names: readonly string[]): string[] {
  const taken = new Set<string>(names);
  const seen = new Map<string, number>();
  return names.map((name) => {
    let times = (seen.get(name) ?? 0) + 1;
    while (times > 1 && taken.has(`${name} (${times})`)) times++;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** Where the first row could have been either. */
function notesOf([first = []]: readonly string[][], header: boolean, columns: readonly Column[]): string[] {
  const taken = `the first row, ${JSON.stringify(first.join(' ').slice(0, 80))}, was taken as`;
  if (!header && columns.some(({ kind }) => kind === 'text'))
    return [`${taken} data; say \`header: true\` if it holds names.`];
  if (header && first.every((field, i) => isNumber(field) || columns[i]!.kind === 'text'))
    return [`${taken} names; say \`header: false\` if it is data.`];
  return [];
}
