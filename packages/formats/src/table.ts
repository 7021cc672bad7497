/** Columns of one length, as CSV and Parquet hold them. */
import { DataError } from '@longtail/core';
import type { ArrayData, Dtype } from './element-type.ts';

export interface Column {
  readonly name: string;
  /** Text is also what is bytes; what is neither (dates, maps) cannot be read. */
  readonly kind: 'number' | 'text' | 'other';
  /** Of numbers that can be read. */
  readonly dtype: Dtype | undefined;
  /** The type in words, whatever it is. */
  readonly typeName: string;
  /** Numbers a row; of lists, which may hold one, their length. */
  readonly width: number;
  readonly isList: boolean;
  /** Of numbers that are written as words, `True` and `False`: as labels, and by `readTexts`, they are these. */
  readonly isWritten?: boolean;
}

/** What a reader does where a value is missing: refuses it by its row, or makes it NaN. */
export type Nulls = 'refuse' | 'nan';

/** A column by its index; rows [start, end). All are refused with a DataError naming line or row, and column. */
export interface Table {
  readonly columns: readonly Column[];
  readonly length: number;
  /** What the file says of itself. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Columns that only number the rows, as the file itself says. */
  readonly indexColumns: readonly string[];
  /** What had to be guessed, in sentences. */
  readonly notes: readonly string[];
  /** Numbers of some columns into [end - start, sum of widths], rounded to its type. */
  read<T extends Float32Array | Float64Array>(columns: readonly number[], rows: Range, into: T): Promise<T>;
  /** One column's numbers as they are stored: [end - start, width]. */
  readExact(column: number, rows: Range): Promise<ArrayData>;
  /** [end - start] */
  readTexts(column: number, rows: Range): Promise<string[]>;
  /** [end - start]; undefined where nothing is. */
  readBytes(column: number, rows: Range): Promise<(Uint8Array | undefined)[]>;
  /** A number of one column as the file has it, however many digits it takes. */
  written(column: number, row: number): Promise<string>;
  /** Where a row stands, for messages: `line 7`. */
  place(row: number): Promise<string>;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What is read; undefined where a value is missing, or is not what its column holds. */
export const ifReadable = <T>(reading: Promise<T>): Promise<T | undefined> =>
  reading.catch((error: unknown) => {
    if (error instanceof DataError) return undefined;
    throw error;
  });
