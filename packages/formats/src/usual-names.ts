/** What arrays and columns of features and labels are called. */
export const FEATURE_NAMES: readonly string[] = ['features', 'feats', 'embeddings', 'x', 'X'];
export const LABEL_NAMES: readonly string[] = ['labels', 'label', 'targets', 'target', 'y'];
/** Of columns that may number the rows; pandas and polars write the last ones. */
export const INDEX_NAME: RegExp =
  /^(?:id|idx|index|row|row_?id|row_?nr|row_?number|level_0|unnamed: ?\d+|__index_level_\d+__)$/i;
