/**
 * Columns of a Parquet file. The unit of Parquet is the row group: the one that holds the rows asked for is decoded, and kept
 * for a while. Files meant for reading in ranges have small ones (pyarrow: row_group_size=8192). hyparquet parses the
 * metadata; its decoders have no bounds, so pages are decoded here, straight into typed arrays.
 */
import type { Source } from '../source.ts';
import type { Nulls, Table } from '../table.ts';
import { firstShape } from './column.ts';
import type { Shape } from './layout.ts';
import { type Group, readMetadata } from './metadata.ts';
import { readPages } from './pages.ts';
import { pandasIndex } from './pandas.ts';
import { columnReader } from './read-rows.ts';
import type { ParquetColumn } from './schema.ts';

/** @throws DataError when it is no whole Parquet file */
export async function parquetTable(
  source: Source,
  { nulls = 'refuse' }: { nulls?: Nulls } = {},
): Promise<Table> {
  const { groups, columns, metadata } = await readMetadata(source);
  const shapes: Shape[] = [];
  for (const column of columns) shapes.push(await shapeOf(source, groups, column, nulls));
  const reader = columnReader(source, { groups, columns, shapes, nulls });
  return {
    columns: columns.map((column, i) => ({ ...column, width: shapes[i]!.width })),
    length: groups.at(-1)?.end ?? 0,
    metadata,
    indexColumns: pandasIndex(metadata),
    notes: [],
    place: async (row) => `row ${row}`,
    ...reader,
    written: async (column, row) => String((await reader.readExact(column, { start: row, end: row + 1 }))[0]),
  };
}

/**
 * Of lists, their mean length in the first group, from values that are there: whether all are so long, reading them tells.
 * Where some may be missing, and where lists hold lists, the first row.
 */
async function shapeOf(
  source: Source,
  groups: readonly Group[],
  column: ParquetColumn,
  nulls: Nulls,
): Promise<Shape> {
  const [group] = groups;
  const chunk = group?.chunks.get(column.path);
  if (!column.isList || !column.stored || !chunk) return { width: 1 };
  if (nulls === 'nan' || column.lists.length > 1)
    return (await firstShape(source, groups, column)) ?? { width: 1 };
  await readPages(source, chunk);
  return { width: Math.max(1, Math.round(chunk.values / group!.end)) };
}
