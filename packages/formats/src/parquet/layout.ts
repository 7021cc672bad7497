/**
 * From pages to rows: levels (Dremel's, README of parquet-format, Nested Encoding) tell where a row begins, and where nothing
 * is. Values go to [rows, width]; a row of another length is refused, and so is a missing value, or it is marked.
 */
import type { DataError } from '@longtail/core';
import type { ArrayData } from '../element-type.ts';
import type { Nulls } from '../table.ts';
import type { Levels } from './levels.ts';
import type { ParquetColumn } from './schema.ts';
import type { Values } from './values.ts';

/** What the first row of a column looks like; `repetition` is undefined where only its length is known. */
export interface Shape {
  readonly width: number;
  readonly repetition?: Uint32Array;
}

interface Target {
  readonly rows: number;
  readonly shape: Shape;
  /** [rows * width] */
  readonly into: ArrayData;
  readonly nulls: Nulls;
  /** The error for what a row holds. */
  readonly refuse: (found: string, row: number, advice?: string) => DataError;
}

export interface Layout {
  page(count: number, levels: Levels, values: Values): void;
  /** [rows * width], 1 where nothing is; undefined where everything is. */
  end(): Uint8Array | undefined;
}

export function layout(column: ParquetColumn, target: Target): Layout {
  const place: Place = { ...target, column, row: -1, inRow: target.shape.width, missing: undefined };
  return {
    page(count, levels, values) {
      (values.length === count ? whole : some)(place, count, levels, values);
    },
    end() {
      endRow(place);
      const found = place.row + 1;
      if (found === place.rows) return place.missing;
      throw place.refuse(`nothing, because the column has ${found} rows of ${place.rows}`, found);
    },
  };
}

interface Place extends Target {
  readonly column: ParquetColumn;
  /** -1 before the first one. */
  row: number;
  /** Values of the row that have been passed. */
  inRow: number;
  missing: Uint8Array | undefined;
}

/** Every value is there, so they are copied as they lie. */
function whole(place: Place, count: number, { repetition }: Levels, values: Values): void {
  const { into, shape, row, inRow } = place;
  const at = row < 0 ? 0 : row * shape.width + inRow;
  if (repetition) for (let i = 0; i < count; i++) step(place, repetition[i]!);
  else flat(place, count);
  if (at + count <= into.length) (into as Float64Array).set(values as Float64Array, at);
}

/** Without lists, each value is a row. */
function flat(place: Place, count: number): void {
  place.row += count;
  if (place.row >= place.rows) throw place.refuse('a row more', place.rows);
}

function some(place: Place, count: number, { repetition, definition }: Levels, values: Values): void {
  const { into, shape, column, refuse } = place;
  const [element, list] = [column.lists.at(-1) ?? 0, (column.lists[0] ?? 1) - 1];
  let next = 0;
  for (let i = 0; i < count; i++) {
    step(place, repetition?.[i] ?? 0);
    const [level, at] = [definition![i]!, place.inRow - 1];
    if (level === column.definition) {
      if (at < shape.width) (into as Float64Array)[place.row * shape.width + at] = values[next] as number;
      next++;
    } else if (level < list) mark(place, at, shape.width);
    else if (level < element) throw refuse('an empty list; write lists of one length', place.row);
    else if (level < column.definition) mark(place, at, 1);
    else throw refuse(`something at the level ${level} of ${column.definition}`, place.row);
  }
}

/** On to the next value; a row begins, or goes on. */
function step(place: Place, repetition: number): void {
  if (repetition === 0) {
    endRow(place);
    place.row++;
    place.inRow = 0;
    if (place.row >= place.rows) throw place.refuse('a row more', place.rows);
  } else if (place.shape.repetition && place.shape.repetition[place.inRow] !== repetition)
    throw place.refuse('lists of other lengths than the first row; write lists of one length', place.row);
  place.inRow++;
}

function endRow({ row, inRow, shape: { width }, refuse }: Place): void {
  if (inRow !== width)
    throw refuse(`${inRow} of them, not ${width}; write lists of one length`, Math.max(0, row));
}

/** Nothing is at a place of the row, and at those after it. */
function mark(place: Place, at: number, length: number): void {
  const { rows, row, nulls, refuse } = place;
  const { width } = place.shape;
  if (nulls === 'refuse') throw refuse('nothing', row, "fill it in, or take it as NaN with `nulls: 'nan'`");
  place.missing ??= new Uint8Array(rows * width);
  place.missing.fill(1, row * width + at, Math.min(row * width + at + length, (row + 1) * width));
  place.inRow += length - 1;
}
