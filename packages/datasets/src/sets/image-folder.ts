/**
 * A folder a class (torchvision's ImageFolder): root/CLASS/**\/*.jpg. Classes and pictures are in the order of their
 * names, so the numbers are the same wherever the folder lies.
 */
import { opendir, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataError } from '@longtail/core';
import { type FileDataset, fileDataset } from '../lists/file-dataset.ts';
import { pictureListBuilder } from '../lists/picture-list.ts';
import { PICTURE_EXTENSIONS } from '../picture-kinds.ts';

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Links to folders count: sets are often put together of them. Where they lead to is checked when a picture is read. */
async function classFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause) => {
    throw new DataError(
      `expected a folder of class folders in ${root}, but it cannot be read (${(cause as Error).message}); name another.`,
      { root },
      { cause },
    );
  });
  const isFolder = await Promise.all(
    entries.map(
      async (entry) =>
        entry.isDirectory() ||
        (entry.isSymbolicLink() &&
          (await stat(join(root, entry.name)).then(
            (found) => found.isDirectory(),
            () => false,
          ))),
    ),
  );
  const names = entries
    .filter(({ name }, i) => isFolder[i] && !name.startsWith('.'))
    .map(({ name }) => name)
    .sort(inOrder);
  if (names.length > 0) return names;
  throw new DataError(
    `expected a folder a class in ${root}, but there is none; name the folder above the classes.`,
    {
      root,
    },
  );
}

/** Paths below a class folder, relative to the root. */
async function picturesOf(root: string, folder: string, extensions: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of await opendir(join(root, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) for (const inner of await picturesOf(root, path, extensions)) paths.push(inner);
    else if (extensions.includes(extname(entry.name).toLowerCase())) paths.push(path);
  }
  return paths.sort(inOrder);
}

/**
 * @param root folder of the class folders
 * @param options.classNames the folders to take, in the order of their labels; default: all, by name
 * @param options.extensions in small letters, with the dot
 * @throws DataError when there is no class folder, or one without a picture
 * @example
 * const [train, val] = [await imageFolder('data/train'), await imageFolder('data/val')];
 */
export async function imageFolder(
  root: string,
  {
    name = 'folder',
    classNames,
    extensions = PICTURE_EXTENSIONS,
  }: { name?: string; classNames?: readonly string[]; extensions?: readonly string[] } = {},
): Promise<FileDataset> {
  const names = classNames ?? (await classFolders(root));
  const list = pictureListBuilder(root, {
    numClasses: names.length,
    place: (index) => `picture ${index} of ${root}`,
  });
  for (const [label, folder] of names.entries()) {
    const paths = await picturesOf(root, folder, extensions).catch((cause) => {
      throw new DataError(
        `expected the class folder ${join(root, folder)}, but it cannot be read (${(cause as Error).message}); mend the folder.`,
        { root, folder },
        { cause },
      );
    });
    if (paths.length === 0)
      throw new DataError(
        `expected pictures (${extensions.join(' ')}) in ${join(root, folder)}, but there are none; remove the folder, or name other extensions.`,
        { root, folder },
      );
    for (const path of paths) list.add(path, label, join(root, path));
  }
  return fileDataset(name, { root, list: list.finish(), classNames: names });
}
