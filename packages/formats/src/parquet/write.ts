/**
 * Columns as Parquet (parquet.thrift): row groups that are small enough to be read one at a time, each column a page, PLAIN and
 * not compressed, because embeddings do not shrink. hyparquet-writer takes each row of a list
 * as an array of numbers, and each number by itself; here they are copied as they lie.
 */
import { checkMetadata, type Named, type NamedArray } from '../named-array.ts';
import { type CheckedColumn, checkedColumns, joinedBytes } from '../table-columns.ts';
import { type Struct, structBytes } from './thrift-write.ts';
import { pageBody, pathOf, rowBytes, schemaOf, typeOf } from './write-column.ts';

const MAX_ROWS = 8192;
/** Of one column in a row group. */
const MAX_BYTES = 2 ** 26;
const MAGIC = new TextEncoder().encode('PAR1');
/** PLAIN, and RLE for levels. */
const [PLAIN, RLE] = [0, 3];

/**
 * @param columns by their names, in a Map or a plain object; one of shape [n, dim] becomes a column of lists
 * @param metadata string to string, kept in the footer
 * @returns the file's bytes
 * @throws InputError for columns of other lengths, more dimensions, or bfloat16
 * @example
 * encodeParquet(new Map([['features', { shape: [n, 64], data: features }], ['label', names]]));
 */
export function encodeParquet(
  columns: Named<NamedArray | readonly string[]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const { length, columns: checked } = checkedColumns(columns);
  const widest = checked.reduce((most, column) => Math.max(most, rowBytes(column)), 1);
  const step = Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_BYTES / widest)));
  const file = { parts: [MAGIC] as Uint8Array[], size: MAGIC.length };
  const groups: Struct[] = [];
  for (let start = 0; start < length; start += step)
    groups.push(writeGroup(file, checked, start, Math.min(length, start + step)));
  const pairs = Object.entries(checkMetadata(metadata));
  const footer = structBytes([
    { i32: 2 },
    {
      list: [
        [undefined, undefined, undefined, 'schema', { i32: checked.length }],
        ...checked.flatMap(schemaOf),
      ],
    },
    { i64: length },
    { list: groups },
    pairs.length > 0 ? { list: pairs } : undefined,
    'longtail',
  ]);
  return joinedBytes([...file.parts, footer, new Uint8Array(Uint32Array.of(footer.length).buffer), MAGIC]);
}

interface File {
  readonly parts: Uint8Array[];
  size: number;
}

/** @returns the RowGroup: [columns, total_byte_size, num_rows] */
function writeGroup(file: File, columns: readonly CheckedColumn[], start: number, end: number): Struct {
  const before = file.size;
  const chunks = columns.map((column) => writeChunk(file, column, start, end));
  return [{ list: chunks }, { i64: file.size - before }, { i64: end - start }];
}

/** @returns the ColumnChunk: [file_path, file_offset, meta_data] */
function writeChunk(file: File, column: CheckedColumn, start: number, end: number): Struct {
  const [offset, body, values] = [file.size, pageBody(column, start, end), (end - start) * column.width];
  const page: Struct = [{ i32: values }, { i32: PLAIN }, { i32: RLE }, { i32: RLE }];
  const header = structBytes([{ i32: 0 }, { i32: body.length }, { i32: body.length }, undefined, page]);
  file.parts.push(header, body);
  file.size += header.length + body.length;
  const size = { i64: file.size - offset };
  return [
    undefined,
    { i64: offset },
    [
      ...[{ i32: typeOf(column).type }, { list: [{ i32: PLAIN }, { i32: RLE }] }, { list: pathOf(column) }],
      ...[{ i32: 0 }, { i64: values }, size, size, undefined, { i64: offset }],
    ],
  ];
}
