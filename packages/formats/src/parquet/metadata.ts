/** The footer of a Parquet file (parsed by hyparquet): its row groups, its columns, and what it says of itself. */
import { DataError } from '@longtail/core';
import { type ColumnChunk, type FileMetaData, parquetMetadata, parquetSchema } from 'hyparquet';
import { latin1, viewOf } from '../bytes.ts';
import type { Source } from '../source.ts';
import { columnsOf, type ParquetColumn, pathOf } from './schema.ts';
import { structEnd } from './thrift.ts';

/** The chunk of one column in one row group. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** As many as the file promises. */
  readonly values: number;
  readonly codec: string;
}
export interface Group {
  readonly start: number;
  readonly end: number;
  /** By the column's path. */
  readonly chunks: ReadonlyMap<string, Chunk>;
}
export interface Metadata {
  readonly groups: readonly Group[];
  readonly columns: readonly ParquetColumn[];
  readonly metadata: Readonly<Record<string, string>>;
}

export const damaged = ({ path }: Source, offset: number, found: string, cause?: unknown): DataError =>
  new DataError(
    `${path}: expected a whole Parquet source, but at byte ${offset} ${found}; write it again.`,
    { path, offset },
    { cause },
  );

/** @throws DataError when the file has no footer, or it promises what the file does not hold */
export async function readMetadata(source: Source): Promise<Metadata> {
  const footer = await footerOf(source);
  const start = source.size - footer.length;
  try {
    const metadata = parquetMetadata(footer.buffer, { geoparquet: false });
    return {
      groups: groupsOf(source, start, metadata),
      columns: columnsOf(parquetSchema(metadata)),
      metadata: textsOf(metadata),
    };
  } catch (cause) {
    // hyparquet's errors have no type, and name no source.
    if (cause instanceof DataError) throw cause;
    throw damaged(source, start, `reading the footer failed (${(cause as Error).message})`, cause);
  }
}

/** The metadata, then their length and `PAR1`. */
async function footerOf(source: Source): Promise<Uint8Array<ArrayBuffer>> {
  if (source.size < 12) throw damaged(source, 0, `there are ${source.size} bytes in all`);
  const foot = await source.read(source.size - 8, 8);
  const start = source.size - 8 - viewOf(foot).getUint32(0, true);
  if (latin1(foot.subarray(4)) !== 'PAR1' || start < 4)
    throw damaged(source, source.size - 8, 'there is no Parquet footer');
  const footer = await source.read(start, source.size - start);
  if (structEnd(footer.subarray(0, -8), 0) !== undefined) return footer;
  throw damaged(source, start, 'the footer is no Thrift struct');
}

function groupsOf(source: Source, footer: number, { row_groups, num_rows: promised }: FileMetaData): Group[] {
  const groups: Group[] = [];
  let rows = 0;
  for (const { num_rows, columns } of row_groups) {
    if (!(num_rows >= 0n && num_rows < 2n ** 40n))
      throw damaged(source, footer, `a row group has ${num_rows} rows`);
    if (num_rows === 0n) continue; // legal, and its chunks have no pages
    const chunks = chunksOf(source, columns);
    groups.push({ start: rows, end: rows + Number(num_rows), chunks });
    rows += Number(num_rows);
  }
  if (BigInt(rows) === promised) return groups;
  throw damaged(source, footer, `the row groups have ${rows} rows of ${promised}`);
}

function chunksOf(source: Source, columns: readonly ColumnChunk[]): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  for (const { meta_data: meta } of columns) {
    const start = Number(meta?.dictionary_page_offset || meta?.data_page_offset);
    const [end, values] = [start + Number(meta?.total_compressed_size), Number(meta?.num_values)];
    if (!(start >= 4 && end >= start && end <= source.size && values >= 0))
      throw damaged(source, source.size - 8, `a column's place is said to be ${start} to ${end}`);
    chunks.set(pathOf(meta!.path_in_schema), { start, end, values, codec: meta!.codec });
  }
  return chunks;
}

function textsOf({ key_value_metadata: pairs = [] }: FileMetaData): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [String(key), String(value ?? '')]));
}

const NO_CHUNK: Chunk = { start: 0, end: 0, values: 0, codec: '' };

/** Of a column that a damaged file leaves out: one without values. */
export const chunkOf = ({ chunks }: Group, { path }: ParquetColumn): Chunk => chunks.get(path) ?? NO_CHUNK;
