/**
 * Columns of a Parquet file: a column of lists of one length, or a column a feature. The unit of Parquet is the row group:
 * the one that holds the rows asked for is decoded, and kept until another is. Files meant for reading in ranges have
 * small ones (pyarrow: row_group_size=8192). hyparquet parses the metadata; its decoders have no bounds, so pages are
 * decoded here, straight into typed arrays.
 */
import type { Source } from '../source.ts';
import type { Table } from '../table.ts';
import { type Numbers, readColumn } from './column.ts';
import { type Group, type ParquetColumn, readMetadata } from './metadata.ts';
import { readPages } from './pages.ts';

/** @throws DataError when it is no whole Parquet file */
export async function parquetTable(source: Source): Promise<Table> {
  const { groups, columns } = await readMetadata(source);
  const widths: number[] = [];
  for (const column of columns)
    widths.push(column.repetition ? await listLength(source, groups[0], column) : 1);
  const cache = new Map<number, { group: Group; values: Numbers }>();

  async function decoded(group: Group, column: number): Promise<Numbers> {
    const cached = cache.get(column);
    if (cached?.group === group) return cached.values;
    cache.delete(column);
    const values = await readColumn(source, group, columns[column]!, widths[column]!);
    cache.set(column, { group, values });
    return values;
  }
  return {
    columns: columns.map(({ name }, i) => ({ name, width: widths[i]! })),
    length: groups.at(-1)?.end ?? 0,
    place: async (row) => `row ${row}`,
    async read(wanted, start, end) {
      const of = wanted.reduce((sum, column) => sum + widths[column]!, 0);
      const rows = new Float64Array((end - start) * of);
      for (const group of groups.filter((g) => g.start < end && g.end > start)) {
        let at = 0;
        for (const column of wanted) {
          const width = widths[column]!;
          copy(rows, start, end, group, await decoded(group, column), { width, at, of });
          at += width;
        }
      }
      return rows;
    },
  };
}

/** The mean length in the first group, from values that are there; whether all are so long, reading them tells. */
async function listLength(
  source: Source,
  group: Group | undefined,
  { name }: ParquetColumn,
): Promise<number> {
  const chunk = group?.chunks.get(name);
  if (!group || !chunk) return 1;
  await readPages(source, chunk);
  return Math.max(1, Math.round(chunk.values / group.end));
}

/** The rows of a group's column into their place beside the other columns. */
function copy(
  rows: Float64Array,
  start: number,
  end: number,
  group: Group,
  values: Numbers,
  { width, at, of }: { width: number; at: number; of: number },
): void {
  for (let row = Math.max(start, group.start); row < Math.min(end, group.end); row++) {
    const from = (row - group.start) * width;
    for (let i = 0; i < width; i++) rows[(row - start) * of + at + i] = values[from + i]!;
  }
}
