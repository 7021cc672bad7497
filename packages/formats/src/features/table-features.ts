/** Features and labels from the formats that hold columns. */
import { DataError } from '@longtail/core';
import { listed } from '../listed.ts';
import type { Source } from '../source.ts';
import type { Table } from '../table.ts';
import { featureColumns } from './feature-columns.ts';
import type { FeatureSet } from './feature-set.ts';
import type { LabelSet } from './labels.ts';
import { featureSet } from './rows.ts';
import { findLabels, type LabelOptions, noLabels } from './table-labels.ts';

export async function tableFeatures(
  source: Source,
  table: Table,
  options: LabelOptions & { readonly features?: string | readonly string[] | undefined },
): Promise<FeatureSet> {
  checkRows(source, table);
  const labelled = await findLabels(source, table, options);
  const { columns, notes } = await featureColumns(source, table, { ...options, labelled });
  const dim = columns.reduce((sum, column) => sum + table.columns[column]!.width, 0);
  const isList = columns.some((column) => table.columns[column]!.isList);
  return featureSet(source, {
    length: table.length,
    dim,
    columns: isList ? undefined : columns.map((column) => table.columns[column]!.name),
    labelled: labelled.set,
    notes: [...table.notes, ...labelled.notes, ...notes],
    read: (start, end) => table.read(columns, { start, end }, new Float32Array((end - start) * dim)),
  });
}

/** @throws DataError unless there is one */
function checkRows({ path }: Source, { columns, length }: Table): void {
  if (length > 0) return;
  throw new DataError(
    `${path}: expected rows, but there are none beside the names of the columns, ${listed(columns.map(({ name }) => name))}; write some, or say \`header: false\` where the first row of a CSV is data.`,
    { path },
  );
}

export async function tableLabels(source: Source, table: Table, options: LabelOptions): Promise<LabelSet> {
  checkRows(source, table);
  const only = table.columns.length === 1 ? table.columns[0]!.name : undefined;
  const { set, notes } = await findLabels(source, table, {
    ...options,
    labels: options.labels ?? only,
    areRequired: true,
  });
  if (set) return set;
  throw noLabels(source, table, notes);
}
