/** Columns that only number the rows: the index that pandas and polars write beside the data, or a program by counting. */
import { ifReadable, type Table } from '../table.ts';
import { INDEX_NAME } from '../usual-names.ts';

/** What only pandas names so. */
const PANDAS = /^(?:unnamed: ?\d+|__index_level_\d+__)$/i;
/** By these many rows a column is judged. */
const SAMPLE = 65_536;
/** Fewer may count by chance. */
const FEWEST_COUNTED = 3;

/**
 * The file says so, or nothing but an index has such a name: the first column without one, `Unnamed: 0`. Of other usual names
 * (`id`), those whose whole numbers never come again. And the first column, whatever its name, if it counts all rows from 0
 * or 1.
 */
export async function indexColumns(table: Table, candidates: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const column of candidates) {
    const { name } = table.columns[column]!;
    const isUnnamed = column === 0 && name === '' && table.columns.length > 1;
    if (isUnnamed || PANDAS.test(name) || table.indexColumns.includes(name)) found.push(column);
    else if (INDEX_NAME.test(name.trim()) && (await identifies(table, column))) found.push(column);
    else if (column === 0 && candidates.length > 1 && (await counts(table, column))) found.push(column);
  }
  return found;
}

async function identifies(table: Table, column: number): Promise<boolean> {
  const end = Math.min(SAMPLE, table.length);
  const values = await numbers(table, column, 0, end);
  return new Set(values).size === end && values!.every(Number.isInteger);
}

async function counts(table: Table, column: number): Promise<boolean> {
  if (table.length < FEWEST_COUNTED) return false;
  let first: number | undefined;
  for (let [start, end] = [0, FEWEST_COUNTED]; start < table.length; ) {
    const values = await numbers(table, column, start, end);
    first ??= values?.[0];
    if (first !== 0 && first !== 1) return false;
    if (!values?.every((value, i) => value === first! + start + i)) return false;
    [start, end] = [end, Math.min(table.length, end + SAMPLE)];
  }
  return true;
}

/** Undefined where one cannot be read: it is refused when it is read as a feature. */
const numbers = (
  table: Table,
  column: number,
  start: number,
  end: number,
): Promise<Float64Array | undefined> =>
  ifReadable(table.read([column], { start, end }, new Float64Array(end - start)));
