/**
 * How right each head is by what is known of the tested rows beside their class: the camera, the country, the hour. Numbers of more than
 * ten values are taken by quarters of the rows; of texts of more than twenty, the rarest are taken together.
 */
import { DataError } from '@longtail/core';
import { type ArrayFile, float32Of, openArrays } from '@longtail/formats';
import type { Leaderboard } from './leaderboard.ts';

export interface Slice {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  /** Fewer than 30 rows: an accuracy is off by up to 18 points in one of twenty such slices. */
  readonly isSmall: boolean;
  /** By head: the share of its rows that are right. */
  readonly accuracy: Readonly<Record<string, number>>;
}

const SMALL = 30;
const MOST_NUMBERS = 10;
const MOST_TEXTS = 20;

/** A value of each row. */
interface Column {
  readonly name: string;
  readonly values: readonly string[];
}

const short = (value: number): string => String(+value.toPrecision(4));

function byQuarters(values: readonly number[]): string[] {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const edges = [0, 0.25, 0.5, 0.75, 1].map((q) => sorted[Math.floor(q * (sorted.length - 1))]!);
  return values.map((value) => {
    if (!Number.isFinite(value)) return String(value);
    const quarter = Math.max(
      1,
      edges.findIndex((edge, i) => i > 0 && value <= edge),
    );
    return `${quarter}/4: ${short(edges[quarter - 1]!)} to ${short(edges[quarter]!)}`;
  });
}

function withoutRare(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size <= MOST_TEXTS) return [...values];
  const kept = new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_TEXTS - 1)
      .map(([value]) => value),
  );
  return values.map((value) => (kept.has(value) ? value : `${counts.size - kept.size} others`));
}

async function readColumn(file: ArrayFile, { name, dtype }: ArrayFile['arrays'][number]): Promise<Column> {
  if (dtype === undefined) return { name, values: withoutRare(await file.readTexts(name)) };
  const array = await file.read(name);
  const isHalf = dtype === 'float16' || dtype === 'bfloat16'; // read as bits
  const numbers = Array.from((isHalf ? float32Of(array) : array.data) as ArrayLike<number>, Number);
  const isFew = new Set(numbers).size <= MOST_NUMBERS;
  return { name, values: isFew ? numbers.map(short) : byQuarters(numbers) };
}

/** @throws DataError unless there is a row for each of those that were given to test */
export async function readSlices(path: string, { rows }: { rows: number }): Promise<Column[]> {
  const file = await openArrays(path);
  try {
    const wrong = file.arrays.find(({ shape }) => shape.length !== 1 || shape[0] !== rows);
    if (wrong || file.arrays.length === 0)
      throw new DataError(
        `expected columns of ${rows} rows in ${path}, one for each row that is tested, but ${wrong ? `"${wrong.name}" is [${wrong.shape.join(', ')}]` : 'there is no column'}; give a table of the test rows, in their order.`,
      );
    const columns: Column[] = [];
    for (const array of file.arrays) columns.push(await readColumn(file, array));
    return columns;
  } finally {
    await file[Symbol.asyncDispose]();
  }
}

/** @returns the columns one after another, of each the slice of most rows first, of as many in the order of their values */
export function slicesOf(
  columns: readonly Column[],
  { hits, seedsOfHits, places }: Pick<Leaderboard, 'hits' | 'seedsOfHits' | 'places'>,
): Slice[] {
  return columns.flatMap(({ name, values }) => {
    const rowsOf = new Map<string, number[]>();
    places.forEach((place, i) => {
      const value = values[place]!;
      const rows = rowsOf.get(value);
      if (rows) rows.push(i);
      else rowsOf.set(value, [i]);
    });
    const slice = ([value, rows]: [string, number[]]): Slice => ({
      ...{ column: name, value, rows: rows.length, isSmall: rows.length < SMALL },
      accuracy: Object.fromEntries(
        [...hits].map(([head, own]) => [
          head,
          rows.reduce((sum, i) => sum + own[i]!, 0) / (rows.length * seedsOfHits),
        ]),
      ),
    });
    return [...rowsOf].map(slice).sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
  });
}
