/** What pandas writes of itself into the footer (pandas' developer guide, "Storing pandas DataFrame objects in Parquet"). */

/** The columns that are a DataFrame's index; none where pandas has not written the file. */
export function pandasIndex(metadata: Readonly<Record<string, string>>): string[] {
  try {
    const { index_columns: columns } = JSON.parse(metadata.pandas ?? '{}');
    // A range has no column, but a record of its start and step.
    return Array.isArray(columns) ? columns.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
