/** Features and labels from the formats that hold columns. */
import { DataError } from '@longtail/core';
import { listed } from '../listed.ts';
import type { Source } from '../source.ts';
import type { Table } from '../table.ts';
import { LARGEST_LABEL } from './array-labels.ts';
import { LABEL_NAMES } from './choose-array.ts';
import type { FeatureSet } from './feature-set.ts';
import { featureSet } from './rows.ts';

const LABELS_AT_ONCE = 65_536;

export async function tableFeatures(
  source: Source,
  table: Table,
  options: { features?: string | readonly string[]; labels?: string },
): Promise<FeatureSet> {
  const labelled = labelColumn(table, options.labels, source.path);
  const columns = featureColumns(table, options.features, labelled, source.path);
  return featureSet(source, {
    length: table.length,
    dim: columns.reduce((sum, column) => sum + table.columns[column]!.width, 0),
    labels: labelled === undefined ? undefined : await readColumnLabels(source, table, labelled),
    read: async (start, end) => new Float32Array(await table.read(columns, start, end)),
  });
}

export async function tableLabels(
  source: Source,
  table: Table,
  options: { labels?: string },
): Promise<Int32Array> {
  const column =
    labelColumn(table, options.labels, source.path) ?? (table.columns.length === 1 ? 0 : undefined);
  if (column !== undefined) return readColumnLabels(source, table, column);
  throw new DataError(
    `${source.path}: expected a column of labels, but the columns are ${names(table)}; name it with \`labels\`.`,
    { path: source.path },
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

async function readColumnLabels(source: Source, table: Table, column: number): Promise<Int32Array> {
  const { name, width } = table.columns[column]!;
  const refuse = async (row: number, found: string) =>
    new DataError(
      `${source.path}: expected labels from 0 to ${LARGEST_LABEL}, but at ${await table.place(row)} the column "${name}" holds ${found}.`,
      { path: source.path, row },
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
