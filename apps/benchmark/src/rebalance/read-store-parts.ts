/** Training, validation and test rows of stores of features: of one with splits, or of two. */
import { UsageError } from '@longtail/core';
import { isStore, readManifest, type SplitName, type StoreManifest } from '../store/manifest.ts';
import { readFeatureStore } from '../store/read-store.ts';
import type { Part } from './part.ts';
import type { PartFlags, Parts } from './read-parts.ts';
import { allRows, readRows } from './read-rows.ts';

const has = ({ splits }: StoreManifest, name: SplitName): boolean =>
  splits.some((split) => split.name === name);

/** @param rows that a file's or store's own test part has, where another one is tested on */
export const leftOutNotes = (path: string, rows: number): string[] =>
  rows > 0 ? [`test rows of ${path} itself, left out because of --test: ${rows}.`] : [];

/** Rows that are not finite are rebalance's to refuse, or to drop. */
async function partOf(folder: string, split?: SplitName): Promise<Part> {
  const store = await readFeatureStore(folder, { notFinite: 'keep', ...(split && { split }) });
  try {
    const { length, dim, labels } = store;
    const places = Int32Array.from({ length }, (_, row) => row);
    return { source: `${folder} (${store.split})`, values: await allRows(store), dim, labels, places };
  } finally {
    store[Symbol.dispose]();
  }
}

/** The rows to test on: the test split of another store or its only one, or those of a file. */
async function otherTest(
  path: string,
  classNames: readonly string[],
  { testLabels }: PartFlags,
): Promise<{ test: Part; notes: readonly string[] }> {
  if (!isStore(path)) {
    const { part: test, notes } = await readRows(path, { labels: testLabels, classNames });
    return { test, notes };
  }
  const manifest = await readManifest(path);
  const c = manifest.classNames.findIndex((name, i) => name !== classNames[i]);
  if (c >= 0)
    throw new UsageError(
      `expected the classes of the training rows in ${path}, but class ${c} is ${manifest.classNames[c]} there and ${classNames[c] ?? 'none'} here; take stores of one recipe.`,
    );
  return { test: await partOf(path, has(manifest, 'test') ? 'test' : undefined), notes: [] };
}

/** @throws UsageError for flags that a store does not need, and for folds of rows that show one picture several times */
export async function readStoreParts(folder: string, flags: PartFlags): Promise<Parts> {
  const { labels, splitColumn, test: path } = flags;
  if (labels !== undefined || splitColumn !== undefined)
    throw new UsageError(
      `${folder} is a store of features, which has its own labels and splits; leave out --labels and --split-column.`,
    );
  const manifest = await readManifest(folder);
  const { classNames, splits } = manifest;
  const train = await partOf(folder);
  const views = splits.find(
    ({ name }) => name === (has(manifest, 'train') ? 'train' : splits[0]!.name),
  )!.views;
  if (views > 1 && path === undefined && !has(manifest, 'test'))
    throw new UsageError(
      `${folder} shows each picture in ${views} views, and folds of its rows would test a head on pictures that it has seen; name a test part with --test.`,
    );
  const notes =
    views > 1
      ? [`each training picture is there in ${views} views, which folds of the rows do not keep together.`]
      : [];
  const own = has(manifest, 'train');
  const validation =
    own && has(manifest, 'validation') ? { validation: await partOf(folder, 'validation') } : {};
  if (path === undefined)
    return {
      ...{ train, classNames, notes, ...validation },
      ...(own && has(manifest, 'test') && { test: await partOf(folder, 'test') }),
    };
  const other = await otherTest(path, classNames, flags);
  const { pictures, views: shown } = splits.find(({ name }) => name === 'test') ?? { pictures: 0, views: 0 };
  const left = leftOutNotes(folder, own ? pictures * shown : 0);
  return {
    ...{ train, classNames, ...validation },
    ...{ test: other.test, notes: [...notes, ...left, ...other.notes] },
  };
}
