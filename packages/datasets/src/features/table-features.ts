/** Features and labels from the formats that hold columns. */
import { DataError } from '@longtail/core';
import { LABEL_NAMES, listed } from './choose-array.ts';
import type { FeatureSet } from './feature-set.ts';
import type { OpenFile } from './open-file.ts';
import { featureSet } from './rows.ts';
import { LARGEST_LABEL } from './stored-array.ts';

export interface Table {
  /** `width` numbers a row: more than one for a list, at least one. */
  readonly columns: readonly { readonly name: string; readonly width: number }[];
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
export type ReadTable = (file: OpenFile, options: { header?: boolean }) => Promise<Table>;

const LABELS_AT_ONCE = 65_536;

export async function tableFeatures(
  file: OpenFile,
  read: ReadTable,
  options: { features?: string | readonly string[]; labels?: string; header?: boolean },
): Promise<FeatureSet> {
  const table = await read(file, options);
  const labelled = labelColumn(table, options.labels, file.path);
  const columns = featureColumns(table, options.features, labelled, file.path);
  return featureSet(file, {
    length: table.length,
    dim: columns.reduce((sum, column) => sum + table.columns[column]!.width, 0),
    labels: labelled === undefined ? undefined : await readColumnLabels(file, table, labelled),
    read: async (start, end) => new Float32Array(await table.read(columns, start, end)),
  });
}

export async function tableLabels(
  file: OpenFile,
  read: ReadTable,
  options: { labels?: string; header?: boolean },
): Promise<Int32Array> {
  const table = await read(file, options);
  const column =
    labelColumn(table, options.labels, file.path) ?? (table.columns.length === 1 ? 0 : undefined);
  if (column !== undefined) return readColumnLabels(file, table, column);
  throw new DataError(
    `${file.path}: expected a column of labels, but the columns are ${names(table)}; name it with \`labels\`.`,
    { path: file.path },
  );
}

const names = (table: Table): string => listed(table.columns.map(({ name }) => name));

function indexOf(table: Table, name: string, path: string): number {
  const index = table.columns.findIndex((column) => column.name === name);
  if (index >= 0) return index;
  throw new DataError(`${path}: expected a column "${name}", but the columns are ${names(table)}.`, {
    path,
    name,
  });
}

function labelColumn(table: Table, name: string | undefined, path: string): number | undefined {
  if (name !== undefined) return indexOf(table, name, path);
  const usual = LABEL_NAMES.map((known) => table.columns.findIndex((column) => column.name === known));
  return usual.find((index) => index >= 0);
}

function featureColumns(
  table: Table,
  named: string | readonly string[] | undefined,
  labels: number | undefined,
  path: string,
): number[] {
  const columns =
    named === undefined
      ? [...table.columns.keys()].filter((column) => column !== labels)
      : [named].flat().map((name) => indexOf(table, name, path));
  if (columns.length > 0 && table.length > 0) return columns;
  throw new DataError(
    `${path}: expected rows of features, but there are ${table.length} rows of ${columns.length} columns beside the labels.`,
    { path },
  );
}

async function readColumnLabels(file: OpenFile, table: Table, column: number): Promise<Int32Array> {
  const { name, width } = table.columns[column]!;
  const refuse = async (row: number, found: string) =>
    new DataError(
      `${file.path}: expected labels from 0 to ${LARGEST_LABEL}, but at ${await table.place(row)} the column "${name}" holds ${found}.`,
      { path: file.path, row },
    );
  if (width !== 1) throw await refuse(0, 'a list');
  // In pieces, because a damaged file may promise any number of rows.
  const pieces: Int32Array[] = [];
  for (let start = 0; start < table.length; start += LABELS_AT_ONCE) {
    const values = await table.read([column], start, Math.min(start + LABELS_AT_ONCE, table.length));
    const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > LARGEST_LABEL);
    if (wrong >= 0) throw await refuse(start + wrong, String(values[wrong]));
    pieces.push(new Int32Array(values));
  }
  return joined(pieces, table.length);
}

function joined(pieces: readonly Int32Array[], length: number): Int32Array {
  const labels = new Int32Array(length);
  for (const [i, piece] of pieces.entries()) labels.set(piece, i * LABELS_AT_ONCE);
  return labels;
}
