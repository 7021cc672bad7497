/**
 * From pages to rows: levels (Dremel's, README of parquet-format, Nested Encoding) tell where a row begins, and where nothing
 * is. Values go to [rows, width]; a row of another length is refused, and so is a missing value, or it is marked.
 */
import type { DataError } from '@longtail/core';
import type { Nulls } from '../table.ts';
import type { Levels } from './levels.ts';
import type { ParquetColumn } from './schema.ts';
import type { Values } from './values.ts';

export interface Layout {
  page(count: number, levels: Levels, values: Values): void;
  /** [rows * width], 1 where nothing is; undefined where everything is. */
  end(): Uint8Array | undefined;
}

/** What the first row of a column looks like; `repetition` is undefined where only its length is known. */
export interface Shape {
  readonly width: number;
  readonly repetition?: Uint32Array;
}

/** @param into [rows * width] @param refuse the error for what a row holds */
export function layout(
  column: ParquetColumn,
  {
    rows,
    shape: { width, repetition: pattern },
    into,
    nulls,
    refuse,
  }: {
    rows: number;
    shape: Shape;
    into: Values;
    nulls: Nulls;
    refuse: (found: string, row: number) => DataError;
  },
): Layout {
  const { definition: present, lists } = column;
  const [element, list] = [lists.at(-1) ?? 0, (lists[0] ?? 1) - 1];
  let [row, inRow, missing]: [number, number, Uint8Array | undefined] = [-1, width, undefined];

  const ended = () => {
    if (inRow !== width)
      throw refuse(`${inRow} of them, not ${width}; write lists of one length`, Math.max(0, row));
  };
  const begin = () => {
    ended();
    [row, inRow] = [row + 1, 0];
    if (row >= rows) throw refuse('a row more', rows);
  };
  const mark = (length: number) => {
    if (nulls === 'refuse') throw refuse('nothing; fill it in, or take it as NaN with `nulls: "nan"`', row);
    missing ??= new Uint8Array(rows * width);
    const at = row * width + inRow;
    missing.fill(1, at, Math.min(at + length, (row + 1) * width));
    inRow += length;
  };
  const check = (repetition: number) => {
    if (pattern && repetition > 0 && pattern[inRow] !== repetition)
      throw refuse('lists of other lengths than the first row; write lists of one length', row);
  };
  /** Every value is there, so they are copied as they lie. */
  const whole = (count: number, { repetition }: Levels, values: Values) => {
    const at = row < 0 ? 0 : row * width + inRow;
    for (let i = 0; i < count; i++) {
      if (!repetition?.[i]) begin();
      else check(repetition[i]!);
      inRow++;
    }
    if (at + count <= rows * width) copy(values, into, at);
  };
  const some = (count: number, { repetition, definition }: Levels, values: Values) => {
    let next = 0;
    for (let i = 0; i < count; i++) {
      if (!repetition?.[i]) begin();
      else check(repetition[i]!);
      const level = definition![i]!;
      if (level < list) mark(width);
      else if (level < element) throw refuse('an empty list; write lists of one length', row);
      else if (level < present) mark(1);
      else {
        if (inRow < width) (into as unknown[])[row * width + inRow] = values[next];
        [inRow, next] = [inRow + 1, next + 1];
      }
    }
  };
  return {
    page(count, levels, values) {
      (values.length === count ? whole : some)(count, levels, values);
    },
    end() {
      ended();
      if (row + 1 !== rows)
        throw refuse(`nothing, because the column has ${row + 1} rows of ${rows}`, row + 1);
      return missing;
    },
  };
}

function copy(values: Values, into: Values, at: number): void {
  if (!Array.isArray(into)) (into as Float64Array).set(values as Float64Array, at);
  else for (let i = 0; i < values.length; i++) into[at + i] = (values as typeof into)[i];
}
