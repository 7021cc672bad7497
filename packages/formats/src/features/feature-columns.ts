/** Which columns of a table are its features: those that are named; else a list; else every number that is no index. */
import { DataError } from '@longtail/core';
import { listed } from '../listed.ts';
import type { Source } from '../source.ts';
import type { Table } from '../table.ts';
import { FEATURE_NAMES, isLabelName } from '../usual-names.ts';
import { indexColumns } from './index-columns.ts';
import { otherLabels } from './other-labels.ts';
import { type FoundLabels, indexOf } from './table-labels.ts';

interface Chosen {
  readonly columns: readonly number[];
  readonly notes: readonly string[];
}

/** @param labelled the column of labels, if there is one @throws DataError when there is none, or one is named that holds no numbers */
export async function featureColumns(
  source: Source,
  table: Table,
  { features: named, labelled }: { features?: string | readonly string[] | undefined; labelled: FoundLabels },
): Promise<Chosen> {
  const chosen =
    named === undefined
      ? await usualFeatures(table, labelled)
      : { columns: [named].flat().map((name) => indexOf(table, name, source.path)), notes: [] };
  for (const column of chosen.columns) checkNumbers(source, table, column);
  if (chosen.columns.length > 0) return chosen;
  throw new DataError(
    `${source.path}: expected columns of numbers as features, but ${nothingOf(table, labelled)}; name columns with \`features\`, or, of a CSV that is split elsewhere, its \`delimiter\`.`,
    { path: source.path },
  );
}

/** What there is instead. */
function nothingOf({ columns }: Table, { column: labels }: FoundLabels): string {
  const others = columns.flatMap(({ name, typeName }, i) => (i === labels ? [] : [`${name} (${typeName})`]));
  return labels === undefined
    ? `the columns are ${listed(others)}`
    : `beside the labels, "${columns[labels]!.name}", there ${others.length > 0 ? `are ${listed(others)}` : 'is nothing'}`;
}

function checkNumbers({ path }: Source, table: Table, column: number): void {
  const { name, dtype, typeName } = table.columns[column]!;
  if (dtype) return;
  throw new DataError(
    `${path}: expected numbers in the column "${name}", but it holds ${typeName}; convert it to float, or name the columns with \`features\`.`,
    { path, column: name },
  );
}

async function usualFeatures(table: Table, labelled: FoundLabels): Promise<Chosen> {
  const all = [...table.columns.keys()].filter((column) => column !== labelled.column);
  const of = (column: number) => table.columns[column]!;
  const show = (columns: readonly number[]) => listed(columns.map((column) => of(column).name));
  const notes: string[] = [];
  const leaveOut = (columns: readonly number[], why: string) => {
    if (columns.length > 0)
      notes.push(`${show(columns)} ${columns.length > 1 ? 'are' : 'is'} left out: ${why}.`);
    return columns;
  };
  const none = leaveOut(
    all.filter((c) => of(c).kind !== 'number'),
    'no numbers',
  );
  const blank = leaveOut(
    all.filter((c) => of(c).typeName === 'blank'),
    'blank',
  );
  const numbers = all.filter((c) => !none.includes(c) && !blank.includes(c));
  const named = (c: number) => isLabelName(of(c).name);
  const targets = leaveOut(
    numbers.filter((c) => of(c).isList && named(c)),
    'lists in the place of labels; name `features` to take more',
  );
  const lists = numbers.filter((c) => of(c).isList && !named(c));
  const usual = lists.find((c) => FEATURE_NAMES.includes(of(c).name));
  const embedding = usual === undefined ? lists : [usual];
  if (embedding.length > 0) {
    leaveOut(
      numbers.filter((c) => !embedding.includes(c) && !targets.includes(c)),
      `beside the list ${show(embedding)}; name \`features\` to take more`,
    );
    return { columns: embedding, notes };
  }
  const scalars = numbers.filter((c) => !of(c).isList);
  const answers = await otherLabels(
    table,
    scalars.filter((c) => named(c) && !labelled.unfit.includes(c)),
    labelled.column,
  );
  const rest = scalars.filter((c) => !answers.columns.includes(c));
  const index = leaveOut(await indexColumns(table, rest), 'an index; name `features` to take more');
  return { columns: rest.filter((c) => !index.includes(c)), notes: [...notes, ...answers.notes] };
}
