/** What arrays and columns of features and labels are called. */
export const FEATURE_NAMES: readonly string[] = ['features', 'feats', 'embeddings', 'x', 'X'];
/** In any case, the likeliest first: labels that are damaged are refused. */
const LABEL_NAMES: readonly string[] = ['labels', 'label', 'targets', 'target', 'y'];
/** Labels where they fit as such, and whatever they may be otherwise. */
const CLASS_NAMES: readonly string[] = [
  ...['classes', 'class', 'class_id', 'label_id', 'fine_label', 'species', 'category', 'gt'],
];
const ALL: readonly string[] = [...LABEL_NAMES, ...CLASS_NAMES];
/** Of columns that may number the rows; pandas and polars write the last ones. */
export const INDEX_NAME: RegExp =
  /^(?:(?:row|sample|image|passenger)?[ _]?id|idx|index|uid|row|row_?nr|row_?number|row_?names?|sample|nr|no|number|key|serial|#|level_0|unnamed: ?\d+|__index_level_\d+__)$/i;

/** A second column of the name is `label (2)`. */
const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/ \(\d+\)$/, '');

export const isLabelName = (name: string): boolean => ALL.includes(plain(name));
/** Of what may be something else, too. */
export const mayBeLabels = (name: string): boolean => CLASS_NAMES.includes(plain(name));

/** Those with the name of labels, the likeliest first. */
export const namedLikeLabels = <T extends { readonly name: string }>(all: readonly T[]): T[] =>
  ALL.flatMap((known) => all.filter(({ name }) => plain(name) === known));
