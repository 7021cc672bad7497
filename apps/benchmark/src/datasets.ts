/** The names that `longtail data` knows sets by; lists, CSV files and modules that open one work as well. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import type { CifarName, Dataset, LongTailOptions, Published, SplitName } from '@longtail/datasets';
import { hasFunctions, importOwn, isOwnModule } from './own-module.ts';

export interface OpenOptions {
  /** Folder of the set. */
  readonly data: string;
  /** For what is worth keeping from time to time. */
  readonly cache: string;
  /** Folder of the lists, where they are not in `data`. */
  readonly lists?: string;
  /** Open the lists that are there, though others are missing. */
  readonly partial?: boolean;
  /** Of sets that are cut from balanced ones. */
  readonly tail?: LongTailOptions;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface OpenedDataset {
  readonly splits: Readonly<Partial<Record<SplitName, Dataset>>>;
  readonly published?: Published;
  /** Files with their published MD5. */
  readonly archives?: readonly { path: string; md5: string }[];
}

export interface DatasetEntry {
  readonly summary: string;
  open(options: OpenOptions): Promise<OpenedDataset>;
}

type Sets = typeof import('@longtail/datasets');

/** The decoders take a while to load: --help does without. */
function entry(
  summary: string,
  open: (sets: Sets, options: OpenOptions) => Promise<OpenedDataset>,
): DatasetEntry {
  return { summary, open: async (options) => open(await import('@longtail/datasets'), options) };
}

type ListedOpener = (
  root: string,
  options: { lists?: string; splits?: never[]; cache: string },
) => Promise<OpenedDataset['splits']>;

/** A set that is published as lists. */
function listed(summary: string, choose: (sets: Sets) => [Published, ListedOpener]): DatasetEntry {
  return entry(summary, async (sets, { data, cache, lists, partial = false }) => {
    const [published, open] = choose(sets);
    const where = lists === undefined ? {} : { lists: resolve(lists) };
    const there = partial ? sets.listedSplits(published, { root: data, ...where }) : [];
    const splits = there.length > 0 ? { splits: there as never[] } : {};
    return { published, splits: await open(data, { cache, ...where, ...splits }) };
  });
}

function cifarLT(name: CifarName, summary: string): DatasetEntry {
  return entry(summary, async (sets, { data, cache, tail, onProgress }) => ({
    archives: sets.cifarArchives(name, data),
    ...(tail === undefined && { published: sets.CIFAR_LT[name] }), // of another tail nothing is
    splits:
      name === 'cifar-10'
        ? await sets.cifar10LT(data, { cache, ...tail, ...(onProgress && { onProgress }) })
        : await sets.cifarLT(name, data, tail),
  }));
}

function mnistLT(name: 'mnist' | 'fashion-mnist', summary: string): DatasetEntry {
  return entry(summary, async (sets, { data, tail }) => ({
    archives: Object.entries(sets.MNIST[name].md5)
      .map(([file, md5]) => ({ path: join(data, file), md5 }))
      .filter(({ path }) => existsSync(path)),
    ...(tail === undefined && { published: sets.MNIST_LT[name] }),
    splits: await sets.mnistLT(data, { name, ...tail }),
  }));
}

/** `train`, `val`, `test` of a folder where they are there, else the folder itself. Train goes first: its classes are all. */
async function openFolders({ imageFolder }: Sets, { data }: OpenOptions): Promise<OpenedDataset> {
  const names = { train: 'train', val: 'validation', validation: 'validation', test: 'test' } as const;
  const there = Object.entries(names).filter(([folder]) => existsSync(join(data, folder)));
  if (there.length === 0) return { splits: { train: await imageFolder(data) } };
  if (['val', 'validation'].every((folder) => there.some(([name]) => name === folder)))
    throw new DataError(
      `expected one validation split in ${data}, but there are both val and validation; rename the one that is not meant.`,
      { data },
    );
  const splits: Partial<Record<SplitName, Dataset>> = {};
  for (const [folder, split] of there)
    splits[split] = await imageFolder(join(data, folder), {
      name: split,
      ...(splits.train && { classNames: splits.train.classNames }),
    });
  return { splits };
}

/** What `longtail data pack` has written, of the splits that it was given. */
async function openPacks({ openPack }: Sets, { data }: OpenOptions): Promise<OpenedDataset> {
  const names = ['train', 'validation', 'test'] as const;
  const there = names.filter((split) => existsSync(join(data, split)));
  if (there.length === 0) return { splits: { train: await openPack(data) } };
  const splits: Partial<Record<SplitName, Dataset>> = {};
  for (const split of there)
    splits[split] = await openPack(
      join(data, split),
      splits.train ? { classNames: splits.train.classNames } : {},
    );
  return { splits };
}

const DATASETS: Readonly<Record<string, DatasetEntry>> = {
  'imagenet-lt': listed('1000 classes, 115,846 training pictures', (sets) => [
    sets.IMAGENET_LT,
    sets.imagenetLT,
  ]),
  'places-lt': listed('365 classes, 62,500 training pictures', (sets) => [sets.PLACES_LT, sets.placesLT]),
  'inaturalist-2018': listed('8142 classes, 437,513 training pictures; lists or JSON', (sets) => [
    sets.INATURALIST_2018,
    sets.inaturalist2018,
  ]),
  'tiny-imagenet-lt': listed('200 classes, 21,052 training pictures', (sets) => [
    sets.TINY_IMAGENET_LT,
    sets.tinyImagenetLT,
  ]),
  'cifar-10-lt': cifarLT('cifar-10', "CIFAR-10 cut to a long tail, LDAM's pictures"),
  'cifar-100-lt': cifarLT('cifar-100', "CIFAR-100 cut to a long tail, LDAM's pictures"),
  'mnist-lt': mnistLT('mnist', 'MNIST cut to a long tail'),
  'fashion-mnist-lt': mnistLT('fashion-mnist', 'Fashion-MNIST cut to a long tail'),
  folder: entry(
    "a folder a class, or such folders in train/, val/ and test/, labelled by train's",
    openFolders,
  ),
  pack: entry('what `longtail data pack` has written', openPacks),
};

/** Sets that `tail` changes. */
export const TAILED: readonly string[] = Object.keys(DATASETS).filter((name) =>
  /^(cifar|.*mnist)/.test(name),
);

const datasetNames: readonly string[] = Object.keys(DATASETS);

/** Names and what they are, for --help. */
export const datasetHelp = (): string =>
  Object.entries(DATASETS)
    .map(([name, { summary }]) => `  ${name.padEnd(18)}${summary}`)
    .join('\n');

async function fromModule(path: string): Promise<DatasetEntry> {
  const { default: opener } = await importOwn<{ default: DatasetEntry }>(path, {
    expected: '{ open }',
    fits: (exported: Record<'open', unknown>) => hasFunctions(exported, ['open']),
  });
  return opener;
}

/**
 * @returns what opens the set; splits that number their classes otherwise than the training set are refused
 * @throws UsageError when it is no name, no list (.txt, .csv) and no module that is there
 */
export async function findDataset(name: string): Promise<DatasetEntry> {
  const { summary, open } = await entryOf(name);
  return {
    summary,
    async open(options) {
      const { expectSameClasses } = await import('@longtail/datasets');
      const opened = await open(options);
      expectSameClasses(opened.splits);
      return opened;
    },
  };
}

async function entryOf(name: string): Promise<DatasetEntry> {
  const known = Object.hasOwn(DATASETS, name) ? DATASETS[name] : undefined;
  if (known) return known;
  const isThere = existsSync(name);
  if (isThere && /\.txt(\.gz)?$/.test(name))
    return entry('a list of pictures', async ({ pictureList }, { data }) => ({
      splits: { train: await pictureList(name, { root: data }) },
    }));
  if (isThere && /\.csv(\.gz)?$/.test(name))
    return entry('a CSV file with the columns path and label', async ({ pictureCsv }, { data }) => ({
      splits: { train: await pictureCsv(name, { root: data }) },
    }));
  if (isOwnModule(name)) return fromModule(name);
  throw new UsageError(
    `a data set is one of ${datasetNames.join(', ')}, or the path of a list (.txt, .csv) or of a module, but got "${name}".`,
  );
}
