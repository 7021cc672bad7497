/** The footer of a Parquet file (parsed by hyparquet): its row groups, and its columns of numbers. */
import { DataError } from '@longtail/core';
import {
  type ColumnChunk,
  type FileMetaData,
  parquetMetadata,
  parquetSchema,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { latin1, viewOf } from '../bytes.ts';
import { type ElementType, elementType } from '../element-type.ts';
import type { Source } from '../source.ts';
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
  /** By top-level column; undefined where there is more than one, or none. */
  readonly chunks: ReadonlyMap<string, Chunk>;
}
export interface ParquetColumn {
  readonly name: string;
  /** Undefined for what is not numbers, told by `typeName`. */
  readonly type: ElementType | undefined;
  readonly typeName: string;
  /** The level at which there is a value: how many of the elements on the path may be absent. */
  readonly definition: number;
  /** 1 in a list. */
  readonly repetition: number;
}

export const damaged = ({ path }: Source, offset: number, found: string, cause?: unknown): DataError =>
  new DataError(
    `${path}: expected a whole Parquet source, but at byte ${offset} ${found}; write it again.`,
    { path, offset },
    { cause },
  );

/** @throws DataError when the file has no footer, or it promises what the file does not hold */
export async function readMetadata(source: Source): Promise<{ groups: Group[]; columns: ParquetColumn[] }> {
  const footer = await footerOf(source);
  const start = source.size - footer.length;
  try {
    const metadata = parquetMetadata(footer.buffer, { geoparquet: false });
    const columns = parquetSchema(metadata).children.map(columnOf);
    if (!columns.every(({ name }) => typeof name === 'string'))
      throw damaged(source, start, 'a column has no name');
    return { groups: groupsOf(source, start, metadata), columns };
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
    if (!(num_rows > 0n && num_rows < 2n ** 40n))
      throw damaged(source, footer, `a row group has ${num_rows} rows`);
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
    chunks.set(String(meta!.path_in_schema[0]), { start, end, values, codec: meta!.codec });
  }
  return chunks;
}

/** Down to the only leaf; of a struct, its first level has no type. */
function columnOf(tree: SchemaTree): ParquetColumn {
  let [leaf, definition, repetition] = [tree, 0, 0];
  for (
    let node: SchemaTree | undefined = tree;
    node;
    node = node.children.length === 1 ? node.children[0] : undefined
  ) {
    leaf = node;
    if (node.element.repetition_type !== 'REQUIRED') definition++;
    if (node.element.repetition_type === 'REPEATED') repetition++;
  }
  const type = leaf.children.length === 0 && repetition < 2 ? numberType(leaf.element) : undefined;
  const { type: physical = 'a struct', logical_type: logical } = leaf.element;
  const typeName = repetition > 1 ? 'lists of lists' : (logical?.type ?? physical);
  return { name: tree.element.name, type, typeName, definition, repetition };
}

function numberType({
  type,
  type_length,
  logical_type,
  converted_type,
}: SchemaElement): ElementType | undefined {
  const integer = logical_type?.type === 'INTEGER' || /^U?INT_/.test(converted_type ?? '');
  if (type === 'FIXED_LEN_BYTE_ARRAY' && type_length === 2 && logical_type?.type === 'FLOAT16')
    return elementType('float16');
  if ((logical_type || converted_type) && !integer) return undefined; // dates, decimals
  const unsigned =
    converted_type?.startsWith('U') || (logical_type?.type === 'INTEGER' && !logical_type.isSigned);
  if (type === 'INT32') return elementType(unsigned ? 'uint32' : 'int32');
  if (type === 'INT64') return elementType(unsigned ? 'uint64' : 'int64');
  return type === 'FLOAT' ? elementType('float32') : type === 'DOUBLE' ? elementType('float64') : undefined;
}
