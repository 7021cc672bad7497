/**
 * Columns of a Parquet file (hyparquet): a column of lists of one length, or a column a feature. The unit of Parquet is
 * the row group: the one that holds the rows asked for is decoded, and kept until another is. Files meant for reading in
 * ranges have small ones (pyarrow: row_group_size=8192).
 */
import { DataError } from '@longtail/core';
import { type ColumnData, type FileMetaData, parquetSchema } from 'hyparquet';
import type { OpenFile } from '../open-file.ts';
import type { Table } from '../table-features.ts';
import { readGroup, readMetadata } from './file.ts';

type Group = { readonly index: number; readonly start: number; readonly end: number };
type Column = Table['columns'][number];

/** @throws DataError when it is no whole Parquet file */
export async function parquetTable(file: OpenFile): Promise<Table> {
  const metadata = await readMetadata(file);
  const groups: Group[] = [];
  for (const [index, { num_rows }] of metadata.row_groups.entries()) {
    const start = groups.at(-1)?.end ?? 0;
    groups.push({ index, start, end: start + Number(num_rows) });
  }
  const columns = await columnsOf(file, metadata);
  const cache = new Map<number, { group: Group; values: Float64Array }>();

  async function decode(group: Group, wanted: readonly number[]): Promise<void> {
    const missing = wanted.filter((column) => cache.get(column)?.group !== group);
    if (missing.length === 0) return;
    for (const column of missing) cache.delete(column);
    const names = missing.map((column) => columns[column]!.name);
    const pieces = await readGroup(file, metadata, metadata.row_groups[group.index]!, names);
    for (const column of missing)
      cache.set(column, { group, values: numbers(file.path, group, columns[column]!, pieces) });
  }
  return {
    columns,
    length: groups.at(-1)?.end ?? 0,
    place: async (row) => `row ${row}`,
    async read(wanted, start, end) {
      const width = wanted.reduce((sum, column) => sum + columns[column]!.width, 0);
      const rows = new Float64Array((end - start) * width);
      for (const group of groups.filter((g) => g.start < end && g.end > start)) {
        await decode(group, wanted);
        let at = 0;
        for (const column of wanted) {
          const part = { width: columns[column]!.width, at, of: width };
          copy(rows, start, end, group, cache.get(column)!.values, part);
          at += part.width;
        }
      }
      return rows;
    },
  };
}

/** The rows of a group's column into their place beside the other columns. */
function copy(
  rows: Float64Array,
  start: number,
  end: number,
  group: Group,
  values: Float64Array,
  { width, at, of }: { width: number; at: number; of: number },
): void {
  for (let row = Math.max(start, group.start); row < Math.min(end, group.end); row++) {
    const from = (row - group.start) * width;
    for (let i = 0; i < width; i++) rows[(row - start) * of + at + i] = values[from + i]!;
  }
}

/** The length of lists is that of the first row's. */
async function columnsOf(file: OpenFile, metadata: FileMetaData): Promise<Column[]> {
  const { children } = parquetSchema(metadata);
  const lists = children.filter((child) => child.children.length > 0).map((child) => child.element.name);
  const first = metadata.row_groups[0];
  const pieces = first && lists.length > 0 ? await readGroup(file, metadata, first, lists) : [];
  return children.map(({ element: { name } }) => {
    const value: unknown = pieces.find((piece) => piece.columnName === name && piece.rowStart === 0)
      ?.columnData[0];
    return {
      name,
      width: Array.isArray(value) || ArrayBuffer.isView(value) ? Math.max(1, sizeOf(value)) : 1,
    };
  });
}

const sizeOf = (value: unknown): number => (value as ArrayLike<unknown>).length;

/** A column of a group as numbers [rows, width]. @throws DataError with the row of what is none */
function numbers(
  path: string,
  group: Group,
  { name, width }: Column,
  pieces: readonly ColumnData[],
): Float64Array {
  const values = new Float64Array((group.end - group.start) * width);
  const refuse = (row: number, found: string): DataError =>
    new DataError(
      `${path}: expected ${width === 1 ? 'a number' : `a list of ${width} numbers`} in the column "${name}", but row ${group.start + row} holds ${found}; name the columns with \`features\`.`,
      { path, column: name, row: group.start + row },
    );
  let row = 0;
  for (const piece of pieces) {
    if (piece.columnName !== name) continue;
    for (const item of piece.columnData as ArrayLike<unknown>[]) {
      const list: ArrayLike<unknown> =
        typeof item === 'object' && item !== null && 'length' in item ? item : [item];
      if (list.length !== width) throw refuse(row, `${list.length}`);
      for (let i = 0; i < width; i++) {
        const value = list[i];
        if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean')
          throw refuse(row, value === null || value === undefined ? 'nothing' : `a ${typeof value}`);
        values[row * width + i] = Number(value);
      }
      row++;
    }
  }
  if (row !== group.end - group.start) throw refuse(row, 'nothing');
  return values;
}
