/**
 * A folder a class (torchvision's ImageFolder): root/CLASS/**\/*.jpg. Classes and pictures are in the order of their
 * names, so the numbers are the same wherever the folder lies. Of a validation or test folder the classes are those of
 * the training set, whether it has pictures of each or not.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLists, checkOptions, checkStrings, DataError, refusal } from '@longtail/core';
import { expectNames, expectPath } from '../arguments.ts';
import { type FileDataset, fileDataset } from '../lists/file-dataset.ts';
import { type LeftOutCollector, leftOutCollector, leftOutText } from '../lists/left-out.ts';
import { pictureListBuilder } from '../lists/picture-list.ts';
import { PICTURE_EXTENSIONS } from '../picture-kinds.ts';
import { folderPictures, inOrder, isFolder, isHidden } from './folder-pictures.ts';

/** Links to folders count: sets are often put together of them. Where they lead to is checked when a picture is read. */
async function classFolders(
  root: string,
  classNames: readonly string[],
  leftOut: LeftOutCollector,
): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause) => {
    const { found, remedy } = refusal(cause, { of: root }) ?? {
      found: `it cannot be read (${(cause as Error).message})`,
      remedy: 'name another',
    };
    throw new DataError(
      `expected a folder of class folders in ${root}, but ${found}; ${remedy}.`,
      { root },
      { cause },
    );
  });
  const folders: string[] = [];
  for (const entry of entries)
    if (isHidden(entry.name) && !classNames.includes(entry.name)) leftOut.add('hidden', entry.name);
    else if (await isFolder(entry, join(root, entry.name))) folders.push(entry.name);
    else leftOut.add('outside of the class folders', entry.name);
  return folders.sort(inOrder);
}

/** @throws DataError for a folder of no known class: its pictures would go missing, or get another class's label */
function expectKnown(root: string, folders: readonly string[], classNames: readonly string[]): void {
  const known = new Set(classNames);
  const strange = folders.find((folder) => !known.has(folder));
  if (strange !== undefined)
    throw new DataError(
      `expected folders of the training set's ${classNames.length} classes in ${root}, but ${join(root, strange)} is of none of them; give it that class's name, give the class training pictures, or move it out of ${root}.`,
      { root, folder: strange },
    );
}

async function picturesOf(root: string, folder: string, options: Parameters<typeof folderPictures>[2]) {
  return folderPictures(root, folder, options).catch((cause) => {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `expected the class folder ${join(root, folder)}, but ${refusal(cause, { of: join(root, folder) })?.found ?? `it cannot be read (${(cause as Error).message})`}; mend the folder.`,
      { root, folder },
      { cause },
    );
  });
}

/**
 * Hidden files and folders, and files of other extensions, are left out and counted in `leftOut`.
 *
 * @param root folder of the class folders
 * @param options.classNames of the training set, by label, for its other splits: folders may be absent or empty then.
 *   Default: all folders, by name
 * @param options.extensions with or without the dot, in small or capital letters
 * @throws DataError when there is no class folder, a folder that `classNames` lacks, without them a folder without a
 *   picture, or a linked folder that leads out of the root
 * @example
 * const train = await imageFolder('data/train');
 * const test = await imageFolder('data/test', { classNames: train.classNames });
 */
export async function imageFolder(
  root: string,
  options: { name?: string; classNames?: readonly string[]; extensions?: readonly string[] } = {},
): Promise<FileDataset> {
  expectPath('root', root);
  const {
    name = 'folder',
    classNames,
    extensions: given = PICTURE_EXTENSIONS,
  } = checkOptions(options, { of: 'imageFolder' });
  checkStrings({ name });
  const extensions = asExtensions(given);
  if (classNames !== undefined) expectNames('classNames', classNames);
  const leftOut = leftOutCollector();
  const folders = await classFolders(root, classNames ?? [], leftOut);
  if (classNames) expectKnown(root, folders, classNames);
  else if (folders.length === 0)
    throw new DataError(
      `expected a folder a class in ${root}, but there is none; name the folder above the classes.`,
      { root },
    );
  const names = classNames ?? folders;
  const there = new Set(folders);
  const list = pictureListBuilder(root, {
    numClasses: names.length,
    place: (index) => `picture ${index} of ${root}`,
  });
  for (const [label, folder] of names.entries()) {
    const paths = there.has(folder) ? await picturesOf(root, folder, { extensions, leftOut }) : [];
    if (paths.length === 0 && !classNames) throw withoutPictures(join(root, folder), extensions, leftOut);
    for (const path of paths) list.add(path, label, join(root, path));
  }
  return fileDataset(name, { root, list: list.finish(), classNames: names, leftOut: leftOut.report() });
}

/** In small letters, with the dot. */
function asExtensions(given: readonly string[]): string[] {
  checkLists({ extensions: given });
  return Array.from(given, (extension, i) => {
    checkStrings({ [`extensions[${i}]`]: extension });
    return `.${extension.replace(/^\./, '').toLowerCase()}`;
  });
}

/** Not to remove it: without the folder every label behind it would be another. */
function withoutPictures(
  folder: string,
  extensions: readonly string[],
  leftOut: LeftOutCollector,
): DataError {
  const others = leftOut.report();
  const found = others.total > 0 ? ` (left out so far: ${leftOutText(others)})` : '';
  return new DataError(
    `expected pictures (${extensions.join(' ')}) in ${folder}, but there are none${found}; put pictures of the class there; in splits that are opened with the training set's class names it may be empty.`,
    { folder },
  );
}
