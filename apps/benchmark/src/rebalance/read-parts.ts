/** Training, validation and test rows: of files, of a table with a split column, or of `longtail extract`'s one file or store. */
import { existsSync } from 'node:fs';
import { DataError, UsageError } from '@longtail/core';
import { openArrays } from '@longtail/formats';
import { isStore } from '../store/manifest.ts';
import { type Part, rowsWhere } from './part.ts';
import { type ReadRows, readRows } from './read-rows.ts';
import { leftOutNotes, readStoreParts } from './read-store-parts.ts';

export interface PartFlags {
  readonly labels?: string | undefined;
  readonly test?: string | undefined;
  readonly testLabels?: string | undefined;
  /** Of a table; default: `split`, where there is one. */
  readonly splitColumn?: string | undefined;
}

const NAMES = ['train', 'validation', 'test'] as const;
export type PartName = (typeof NAMES)[number];

export interface Parts {
  readonly train: Part;
  readonly validation?: Part;
  readonly test?: Part;
  /** As texts, or the numbers that labels are; some may have no row. */
  readonly classNames: readonly string[];
  /** Of a table with a number a column, in the order of the features. */
  readonly columns?: readonly string[] | undefined;
  readonly notes: readonly string[];
}

const WORDS: Readonly<Record<string, PartName>> = {
  ...{ train: 'train', training: 'train', test: 'test', testing: 'test' },
  ...{ val: 'validation', valid: 'validation', validation: 'validation', dev: 'validation' },
};

/** What the file itself says of parts. */
interface OwnParts {
  /** Of `longtail extract`: `train.features`, `train.labels`, `test.features`, ... */
  readonly arrays: readonly PartName[];
  /** The part of each row, by the column of a table. */
  readonly split?: readonly PartName[];
}

async function ownParts(path: string, named: string | undefined): Promise<OwnParts> {
  const file = await openArrays(path);
  try {
    const names = file.arrays.map(({ name }) => name);
    const arrays = NAMES.filter((part) => names.includes(`${part}.features`));
    if (arrays.includes('train')) return { arrays };
    const column = named ?? 'split';
    const found = file.arrays.find(({ name }) => name === column);
    if (named !== undefined && !found)
      throw new DataError(`expected a column "${named}" in ${path}, but there are ${names.join(', ')}.`);
    if (!found) return { arrays: [] };
    if (found.dtype !== undefined)
      throw new DataError(
        `expected train, validation or test in the column "${column}" of ${path}, but it holds numbers; write the words, or rename the column where it is a feature.`,
      );
    const split = (await file.readTexts(column)).map((text, row) => {
      const word = text.trim().toLowerCase();
      if (Object.hasOwn(WORDS, word)) return WORDS[word]!;
      throw new DataError(
        `expected train, validation or test in the column "${column}" of ${path}, but row ${row} (from 0) holds "${text.slice(0, 40)}"; mend it, or rename the column.`,
      );
    });
    return { arrays: [], split };
  } finally {
    await file[Symbol.asyncDispose]();
  }
}

/** What one file gives. */
type Own = Omit<ReadRows, 'part'> & { train: Part; validation?: Part; test?: Part };

/** @param needsTest whether no other file is tested on */
function bySplit({ part, ...rest }: ReadRows, split: readonly PartName[], needsTest: boolean): Own {
  if (split.length !== part.labels.length)
    throw new DataError(
      `expected a split for each of the ${part.labels.length} rows of ${part.source}, but there are ${split.length}; give one a row.`,
    );
  const of = (wanted: PartName): Part => rowsWhere(part, (row) => split[row] === wanted);
  const [train, validation, test] = [of('train'), of('validation'), of('test')];
  for (const [name, { labels }] of Object.entries({ train, ...(needsTest && { test }) }))
    if (labels.length === 0)
      throw new DataError(
        `expected rows of ${name} in the split column of ${part.source}, but there is none among ${split.length}; mark some, or rename the column for folds of all rows.`,
      );
  return { ...rest, train, test, ...(validation.labels.length > 0 && { validation }) };
}

async function readOwn(path: string, { labels, test, splitColumn }: PartFlags): Promise<Own> {
  const { arrays, split } = await ownParts(path, splitColumn);
  if (arrays.length > 0 && (labels !== undefined || splitColumn !== undefined))
    throw new UsageError(
      `${path} holds train.features, which come with train.labels and parts of their own; leave out --labels and --split-column.`,
    );
  if (arrays.length > 0) return readArrays(path, arrays);
  const all = await readRows(path, { labels });
  if (split) return bySplit(all, split, test === undefined);
  const { part: train, ...rest } = all;
  return { ...rest, train };
}

/** @throws DataError where a file does not hold what it should, or parts do not fit one another */
export async function readParts(path: string, flags: PartFlags): Promise<Parts> {
  const { labels, test, testLabels } = flags;
  if (isStore(path)) {
    const { classNames, ...parts } = await readStoreParts(path, flags);
    return fitting(parts, classNames);
  }
  const own = await readOwn(path, flags);
  if (test === undefined) return fitting(own, own.classNames);
  const like: ReadRows = { ...own, part: own.train };
  const second = await readRows(test, { labels: testLabels ?? columnOf(labels), like });
  const notes = leftOutNotes(path, own.test?.labels.length ?? 0);
  return fitting(
    { ...own, test: second.part, notes: [...own.notes, ...notes, ...second.notes] },
    own.classNames,
  );
}

/** The name of a column serves both files; a file of labels is of one. */
const columnOf = (labels: string | undefined): string | undefined =>
  labels !== undefined && existsSync(labels) ? undefined : labels;

/** Those of `longtail extract`. */
async function readArrays(path: string, names: readonly PartName[]): Promise<Own> {
  const read = (name: PartName, like?: ReadRows): Promise<ReadRows> =>
    readRows(path, { features: `${name}.features`, labels: `${name}.labels`, like });
  const { part: train, ...rest } = await read('train');
  const others = names.filter((name) => name !== 'train');
  const like = { ...rest, part: train };
  const parts = await Promise.all(others.map(async (name) => [name, (await read(name, like)).part] as const));
  return { ...rest, train, ...Object.fromEntries(parts) };
}

function fitting(parts: Omit<Parts, 'classNames'>, names: readonly string[] | undefined): Parts {
  const { train, test, validation } = parts;
  for (const other of [validation, test])
    if (other && other.dim !== train.dim)
      throw new DataError(
        `expected features of one width, but those of ${train.source} have ${train.dim} numbers and those of ${other.source} ${other.dim}; take both from one backbone, or, of tables, with the same columns.`,
      );
  const most = [train, validation, test].reduce(
    (so, part) => part?.labels.reduce((a, b) => Math.max(a, b), so) ?? so,
    -1,
  );
  if (most >= 2 ** 20)
    throw new DataError(
      `expected classes numbered from 0, but a label is ${most}; number them anew from 0, or write them as names: "id ${most}".`,
    );
  return { ...parts, classNames: names ?? Array.from({ length: most + 1 }, (_, c) => String(c)) };
}
