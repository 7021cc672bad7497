/** A set that is published as lists: its splits, from their files. */
import { isAbsolute, join } from 'node:path';
import { checkLists, checkObjects, checkOneOf, checkOptions, DataError } from '@longtail/core';
import { expectPath } from '../arguments.ts';
import type { PictureFile } from '../dataset.ts';
import { type FileDataset, fileDataset } from '../lists/file-dataset.ts';
import { readListFile } from '../lists/list-file.ts';
import { folderNames, type PictureList } from '../lists/picture-list.ts';
import { firstThere } from '../lists/text-file.ts';
import type { Published, SplitName } from './published.ts';

export interface ListedOptions<S extends SplitName> {
  /** Which lists are read; default: all that are published. */
  splits?: readonly S[];
  /** Where the lists are, relative to the root: a folder with the published names, or a file a split. */
  lists?: string | Partial<Record<SplitName, string>>;
}

const within = (root: string, path: string): string => (isAbsolute(path) ? path : join(root, path));

interface Where {
  root: string;
  lists?: string | Partial<Record<SplitName, string>> | undefined;
}

/** Paths that a split's list may have. */
function candidates(published: Published, split: SplitName, { root, lists = '.' }: Where): string[] {
  if (typeof lists !== 'string') checkObjects({ lists });
  const named = typeof lists === 'string' ? undefined : lists[split];
  if (named !== undefined) {
    expectPath(`the ${split} of lists`, named);
    return [within(root, named)];
  }
  const folder = within(root, typeof lists === 'string' ? lists : '.');
  return (published.lists[split]?.files ?? []).map((file) => join(folder, file));
}

/**
 * The splits whose lists are there.
 *
 * @example
 * await imagenetLT(root, { splits: listedSplits(IMAGENET_LT, { root }) });
 */
export function listedSplits(published: Published, where: Where): SplitName[] {
  checkObjects({ published });
  checkObjects({ 'the lists of published': published.lists });
  expectPath('root', checkOptions(where, { of: 'listedSplits' }).root);
  const splits = Object.keys(published.lists) as SplitName[];
  return splits.filter((split) => firstThere(candidates(published, split, where)));
}

function findList(published: Published, split: SplitName, where: Where): string {
  checkOneOf({ [`a split of ${published.name}`]: split }, Object.keys(published.lists));
  const paths = candidates(published, split, where);
  const found = firstThere(paths);
  if (found) return found;
  throw new DataError(
    `expected the ${split} list of ${published.name}, ${paths.join(' or ')}, but it is not there; put it there, or name it.`,
    { ...where, split },
  );
}

/**
 * @param options.read how a list is read
 * @param options.names of the classes, by the first of the lists
 * @param options.find a file by its path, where the pictures are not files of the root
 * @param options.locate from a list's path and class to the path in the root
 * @throws DataError when a list is missing or damaged; pictures are looked at when they are read
 */
export async function listedSet<S extends SplitName>(
  published: Published,
  root: string,
  {
    splits = Object.keys(published.lists) as S[],
    lists,
    read = (source) => readListFile(source, { numClasses: published.numClasses }),
    names = (list) => folderNames(list, { numClasses: published.numClasses }),
    locate,
    find,
  }: ListedOptions<S> & {
    read?: (source: string) => Promise<PictureList>;
    names?: (list: PictureList) => string[] | Promise<string[]>;
    locate?: (path: string, className: string) => string;
    find?: (path: string, place: string) => PictureFile;
  } = {},
): Promise<Record<S, FileDataset>> {
  expectPath('root', root);
  checkLists({ splits });
  const found = Array.from(splits, (split) => findList(published, split, { root, lists }));
  const sets = {} as Record<S, FileDataset>;
  let classNames: readonly string[] | undefined;
  for (const [i, split] of splits.entries()) {
    const list = await read(found[i]!);
    classNames ??= await names(list);
    const known = classNames;
    sets[split] = fileDataset(`${published.name}/${split}`, {
      root,
      list,
      classNames,
      ...(find && { find }),
      ...(locate && { locate: (path, index) => locate(path, known[list.labels[index]!]!) }),
    });
  }
  return sets;
}
