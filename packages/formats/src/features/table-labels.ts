/** Which column of a table holds the labels, and these. */
import { DataError } from '@longtail/core';
import { listed } from '../listed.ts';
import type { Source } from '../source.ts';
import { ifReadable, type Table } from '../table.ts';
import { isLabelName, mayBeLabels, namedLikeLabels } from '../usual-names.ts';
import { advised } from '../value-error.ts';
import { firstUnfit, type LabelSet, likelier, type Unfit } from './labels.ts';
import { joined, textLabels } from './text-labels.ts';

const AT_ONCE = 65_536;

export interface LabelOptions {
  readonly labels?: string | false | undefined;
  readonly classNames?: readonly string[] | undefined;
}

export interface FoundLabels {
  /** Of the labels; undefined where there are none. */
  readonly column?: number;
  readonly set?: LabelSet;
  /** Of a usual name, and no labels: what `notes` say. */
  readonly unfit: readonly number[];
  readonly notes: readonly string[];
}

/**
 * The column that is named, or the first of a usual name that fits.
 *
 * @throws DataError with line or row when the named one holds no labels, or one of a usual name a damaged one
 */
export async function findLabels(
  source: Source,
  table: Table,
  { labels: name, classNames, areRequired = false }: LabelOptions & { readonly areRequired?: boolean },
): Promise<FoundLabels> {
  const notes: string[] = [];
  const unfit: number[] = [];
  if (name === false) return { unfit, notes };
  for (const column of name === undefined ? usualColumns(table) : [indexOf(table, name, source.path)]) {
    const advice = areRequired
      ? 'give the row a label, or leave it out'
      : `give the row a label, leave it out, or open the file with ${without(table, column)}`;
    const isOptional = name === undefined && mayBeLabels(table.columns[column]!.name);
    const reading = columnLabels(table, column, classNames);
    const set = await (isOptional ? ifReadable(reading) : readLabels(reading, advice));
    if (!set) continue;
    if ('labels' in set) return { column, set, unfit, notes: [...notes, ...(set.notes ?? [])] };
    const found = await sentence(table, column, set);
    if (!isOptional && (name !== undefined || !set.isMeasured))
      throw new DataError(`${source.path}: expected ${set.expected}, but ${found}; ${advice}.`, {
        path: source.path,
        row: set.row,
        column: table.columns[column]!.name,
      });
    unfit.push(column);
    notes.push(`${found}, so it is no label; name the labels with \`labels\`.`);
  }
  return { unfit, notes };
}

const readLabels = (reading: Promise<Found>, advice: string): Promise<Found> =>
  reading.catch((error: unknown) => {
    throw advised(error, advice);
  });

/** A column whose name tells nothing would be a feature. */
const without = (table: Table, column: number): string =>
  isLabelName(table.columns[column]!.name)
    ? '`labels: false`'
    : '`labels: false` and the columns that you want as `features`';

const names = (table: Table): string => listed(table.columns.map(({ name }) => name));

export function indexOf(table: Table, name: string, path: string): number {
  const index = table.columns.findIndex((column) => column.name === name);
  if (index >= 0) return index;
  throw new DataError(`${path}: expected a column "${name}", but the columns are ${names(table)}.`, {
    path,
    name,
  });
}

export function noLabels({ path }: Source, table: Table, notes: readonly string[]): DataError {
  const found = `the columns are ${names(table)}; name it with \`labels\`.`;
  return new DataError(`${path}: expected a column of labels, but ${notes.join(' ') || found}`, { path });
}

const usualColumns = ({ columns }: Table): number[] =>
  namedLikeLabels(columns).map((column) => columns.indexOf(column));

type Found = LabelSet | (Unfit<unknown> & { row: number });

/** @returns the labels; or what is none, with its row */
export async function columnLabels(
  table: Table,
  column: number,
  classNames: readonly string[] | undefined,
): Promise<Found> {
  const { kind, dtype, isList, isWritten, typeName } = table.columns[column]!;
  if (kind === 'text' || isWritten)
    return textLabels((start, end) => table.readTexts(column, { start, end }), table.length, classNames);
  if (isList || !dtype)
    return {
      wrong: isList ? 'a list' : typeName,
      row: 0,
      expected: 'labels as integers or texts',
      isMeasured: true,
    };
  return numberLabels(table, column, classNames);
}

/** In pieces, because a damaged file may promise any number of rows. */
async function numberLabels(
  table: Table,
  column: number,
  classNames: readonly string[] | undefined,
): Promise<Found> {
  const pieces: Int32Array[] = [];
  let wrong: (Unfit<number> & { row: number }) | undefined;
  for (let start = 0; start < table.length; start += AT_ONCE) {
    const end = Math.min(start + AT_ONCE, table.length);
    const values = await table.read([column], { start, end }, new Float64Array(end - start));
    const unfit = firstUnfit(values, classNames);
    if (unfit) wrong = likelier(wrong, { ...unfit, row: start + unfit.index });
    if (wrong?.isMeasured) return wrong;
    pieces.push(new Int32Array(values));
  }
  return wrong ?? { labels: joined(pieces, table.length), ...(classNames && { classNames }) };
}

export async function sentence(
  table: Table,
  column: number,
  { wrong, row }: { wrong: unknown; row: number },
): Promise<string> {
  const { isList } = table.columns[column]!;
  const isRounded = Number.isInteger(wrong) && !Number.isSafeInteger(wrong);
  const shown =
    typeof wrong === 'string' && !isList
      ? JSON.stringify(wrong.slice(0, 80))
      : isRounded
        ? await table.written(column, row)
        : wrong;
  return `at ${await table.place(row)} the column "${table.columns[column]!.name}" holds ${shown}`;
}
