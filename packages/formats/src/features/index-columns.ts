/** Columns that only number the rows: the index that pandas and polars write beside the data. */
import type { Table } from '../table.ts';
import { INDEX_NAME } from '../usual-names.ts';

/** What only pandas names so. */
const PANDAS = /^(?:unnamed: ?\d+|__index_level_\d+__)$/i;
/** By these many rows a column is judged. */
const SAMPLE = 65_536;

/**
 * The file says so, or nothing but an index has such a name: the first column without one, `Unnamed: 0`. Of other usual names
 * (`id`), those whose whole numbers never come again.
 */
export async function indexColumns(table: Table, candidates: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const column of candidates) {
    const { name } = table.columns[column]!;
    const isUnnamed = column === 0 && name === '' && table.columns.length > 1;
    if (isUnnamed || PANDAS.test(name) || table.indexColumns.includes(name)) found.push(column);
    else if (INDEX_NAME.test(name) && (await identifies(table, column))) found.push(column);
  }
  return found;
}

async function identifies(table: Table, column: number): Promise<boolean> {
  const end = Math.min(SAMPLE, table.length);
  const values = await table.read([column], { start: 0, end }, new Float64Array(end));
  return values.every(Number.isInteger) && new Set(values).size === end;
}
