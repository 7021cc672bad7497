/** One file of embeddings with its labels, in memory. */
import { existsSync } from 'node:fs';
import { DataError } from '@longtail/core';
import { type FeatureOptions, type FeatureSet, openFeatures, readLabels } from '@longtail/formats';
import type { Part } from './part.ts';

/** Numbers that are read at a time. */
const AT_ONCE = 2 ** 22;

export interface ReadRows {
  readonly part: Part;
  /** Where labels are texts. */
  readonly classNames?: readonly string[] | undefined;
  /** Of a table with a number a column, in the order of the features. */
  readonly columns?: readonly string[] | undefined;
  readonly notes: readonly string[];
}

export interface RowsOptions {
  /** A file of labels, or the name of a column or array. Default: what has a usual name. */
  readonly labels?: string | undefined;
  /** The array of features, by its name. */
  readonly features?: string | undefined;
  /** Of the training rows, where a label may be a position among them, too. */
  readonly classNames?: readonly string[] | undefined;
  /** The training rows, whose columns and kind of labels others must have. */
  readonly like?: ReadRows | undefined;
}

/** Columns in the order of those of the training rows. @throws DataError where the table lacks one */
export async function openLike(
  path: string,
  columns: readonly string[] | undefined,
  options: FeatureOptions = {},
): Promise<FeatureSet> {
  const opened = await openFeatures(path, options);
  const isOther = columns && opened.columns && columns.join('\n') !== opened.columns.join('\n');
  if (!isOther) return opened;
  await opened.close();
  return openFeatures(path, { ...options, features: columns });
}

/** All rows of what is open. */
export async function allRows({
  length,
  dim,
  rows,
}: Pick<FeatureSet, 'length' | 'dim'> & {
  rows: (start: number, end: number) => Float32Array | Promise<Float32Array>;
}): Promise<Float32Array> {
  const values = new Float32Array(length * dim);
  const step = Math.max(1, Math.floor(AT_ONCE / dim));
  for (let start = 0; start < length; start += step)
    values.set(await rows(start, Math.min(length, start + step)), start * dim);
  return values;
}

const looksLikeFile = (name: string): boolean =>
  /[/\\]|\.(npy|npz|csv|tsv|txt|parquet|pkl|pickle|pt|pth|safetensors)$/i.test(name);

/** @returns the path where `--labels` names a file, else nothing */
function labelsFile(labels: string | undefined): string | undefined {
  if (labels === undefined || existsSync(labels)) return labels;
  if (!looksLikeFile(labels)) return undefined;
  throw new DataError(`expected labels in ${labels}, but there is no such file; mend the path.`);
}

const kind = (names: readonly string[] | undefined): string => (names ? 'names' : 'numbers');

/** @throws DataError where one file has names and the other numbers, for nothing says which is which */
function checkKind({ part, classNames }: ReadRows, path: string, own: readonly string[] | undefined): void {
  if (kind(own) === kind(classNames)) return;
  throw new DataError(
    `expected labels of one kind, but those of ${part.source} are ${kind(classNames)} and those of ${path} ${kind(own)}; write both as names, or both as numbers.`,
  );
}

/** @throws DataError naming the file where it has no labels, or another number of them than rows */
export async function readRows(path: string, options: RowsOptions): Promise<ReadRows> {
  const { labels, features, like, classNames = like?.classNames } = options;
  const file = labelsFile(labels);
  const naming = file === undefined && labels !== undefined ? { labels } : {};
  const opening: FeatureOptions = { ...naming, ...(features !== undefined && { features }) };
  const opened = await openLike(path, like?.columns, opening);
  try {
    const own = file === undefined ? opened : await readLabels(file);
    if (own.labels === undefined)
      throw new DataError(
        `expected labels with the features of ${path}, but there are none${opened.notes.map((note) => `: ${note.replace(/\.$/, '')}`).join('')}; name a file of labels, or their column, with --labels.`,
      );
    if (like) checkKind(like, file ?? path, own.classNames);
    const { labels: classes = own.labels, ...found } = classNames
      ? await readLabels(file ?? path, { ...naming, classNames: [...classNames] })
      : own;
    if (classes.length !== opened.length)
      throw new DataError(
        `expected a label for each of the ${opened.length} rows of ${path}, but ${file} holds ${classes.length}; give one a row.`,
      );
    const values = await allRows(opened);
    const places = Int32Array.from({ length: opened.length }, (_, row) => row);
    return {
      part: { source: path, values, dim: opened.dim, labels: classes, places },
      classNames: found.classNames,
      columns: opened.columns,
      notes: [
        ...opened.notes.map((note) => `${opened.name}: ${note}`),
        ...(file === undefined ? [] : (own.notes ?? []).map((note) => `${file}: ${note}`)),
      ],
    };
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}
