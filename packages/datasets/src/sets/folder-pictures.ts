/**
 * The pictures below a folder, in the order of their paths. Linked folders are followed, as torchvision follows them, but
 * not in a circle; what is hidden or of another extension is counted as left out.
 */
import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { leadsOut } from '../lists/inside-root.ts';
import type { LeftOutCollector } from '../lists/left-out.ts';

/** What systems and programs leave beside files. */
const HIDDEN: readonly string[] = ['__macosx', 'thumbs.db', 'desktop.ini'];

export const isHidden = (name: string): boolean =>
  name.startsWith('.') || HIDDEN.includes(name.toLowerCase());

/** By UTF-16 code units: the same wherever the folder lies. */
export const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether it is a folder or a link to one; a link to nothing is neither. */
export async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/**
 * @param root folder that the paths begin at
 * @param folder below the root; may be a link
 * @param options.extensions in small letters, with the dot
 * @returns paths relative to the root
 * @throws DataError for a linked folder that leads out of the root
 */
export async function folderPictures(
  root: string,
  folder: string,
  { extensions, leftOut }: { extensions: readonly string[]; leftOut: LeftOutCollector },
): Promise<string[]> {
  const paths: string[] = [];
  const realRoot = await realpath(root);
  const into = async (path: string, entry: Dirent, above: readonly string[]) => {
    const real = await realpath(join(root, path));
    if (entry.isSymbolicLink() && !isWithin(real, realRoot))
      throw leadsOut(join(root, path), 'a folder', root);
    if (above.some((one) => isWithin(one, real))) leftOut.add('links in a circle', path);
    else await walk(path, [...above, real]);
  };
  const walk = async (folder: string, above: readonly string[]) => {
    for await (const entry of await opendir(join(root, folder))) {
      const path = `${folder}/${entry.name}`;
      const extension = extname(entry.name).toLowerCase();
      if (isHidden(entry.name)) leftOut.add('hidden', path);
      else if (await isFolder(entry, join(root, path))) await into(path, entry, above);
      else if (extensions.includes(extension)) paths.push(path);
      else leftOut.add(extension || 'without an extension', path);
    }
  };
  await walk(folder, [await realpath(join(root, folder))]);
  return paths.sort(inOrder);
}
