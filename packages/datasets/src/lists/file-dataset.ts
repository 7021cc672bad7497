/** A list of files as a set of pictures: each is read and decoded when it is asked for. */
import { readFile } from 'node:fs/promises';
import { DataError, InputError } from '@longtail/core';
import type { Dataset, Picture, PictureFile } from '../dataset.ts';
import { decode } from '../decode.ts';
import { fileError, insideRoot } from './inside-root.ts';
import type { PictureList } from './picture-list.ts';

export interface FileDataset extends Dataset {
  /** Folder of the pictures. */
  readonly root: string;
  readonly list: PictureList;
  /** @throws DataError when the file is not there, or lies outside the root */
  file(index: number): PictureFile;
}

async function readPicture(path: string, place: string): Promise<Picture> {
  const bytes = await readFile(path).catch((cause) => {
    throw fileError(path, place, cause);
  });
  if (bytes.length === 0)
    throw new DataError(`expected a picture in ${path} (${place}), but the file is empty; fetch it again.`, {
      path,
    });
  return decode(bytes, { source: `${path} (${place})` });
}

/**
 * @param name in messages and results
 * @param options.root folder that the list's paths begin at
 * @param options.locate from a path of the list (and its place) to one in the root, where the folders are laid out differently
 */
export function fileDataset(
  name: string,
  {
    root,
    list,
    classNames,
    locate = (path) => path,
  }: {
    root: string;
    list: PictureList;
    classNames: readonly string[];
    locate?: (path: string, index: number) => string;
  },
): FileDataset {
  const resolve = insideRoot(root);
  const file = (index: number): PictureFile => {
    if (!(Number.isInteger(index) && index >= 0 && index < list.length))
      throw new InputError(`${name} has the pictures 0 to ${list.length - 1}, but ${index} was asked for.`, {
        index,
      });
    return { path: resolve(locate(list.path(index), index), list.place(index)) };
  };
  return {
    name,
    root,
    list,
    length: list.length,
    labels: list.labels,
    classNames,
    file,
    read: async (index) => readPicture(file(index).path, list.place(index)),
  };
}
