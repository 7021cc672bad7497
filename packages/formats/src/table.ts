/** Columns of one length, as CSV and Parquet hold them. */
export interface Column {
  readonly name: string;
  /** Numbers a row: more than one for a list, at least one. */
  readonly width: number;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly length: number;
  /**
   * The numbers of some columns (by index) in rows [start, end): [end - start, sum of widths].
   *
   * @throws DataError where a field is none, with its line or row and its column
   */
  read(columns: readonly number[], start: number, end: number): Promise<Float64Array>;
  /** Where a row stands, for messages: `line 7`. */
  place(row: number): Promise<string>;
}
