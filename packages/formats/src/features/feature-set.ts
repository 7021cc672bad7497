/** The contract of stored features: read in ranges of rows, never whole. */
export interface FeatureSet extends AsyncDisposable {
  /** The file's name. */
  readonly name: string;
  /** n, the number of rows. */
  readonly length: number;
  readonly dim: number;
  /** [dim], of a table with a number a column: their names, in the order of a row's numbers. */
  readonly columns?: readonly string[];
  /** [n], where the file holds labels. */
  readonly labels?: Int32Array;
  /** [classes], where labels are texts, or as given. */
  readonly classNames?: readonly string[];
  /** What was left out of the file, and what had to be guessed, in sentences: worth showing to who runs the program. */
  readonly notes: readonly string[];
  /**
   * Features of rows [start, end), float32 [end - start, dim]; float16 is exact, float64 and large integers rounded to
   * nearest.
   *
   * @throws InputError unless 0 <= start <= end <= length; DataError when the file has changed or holds no numbers there
   */
  rows(start: number, end: number): Promise<Float32Array>;
  /** Closes the file; rows cannot be read afterwards. `await using` closes it, too. */
  close(): Promise<void>;
}
