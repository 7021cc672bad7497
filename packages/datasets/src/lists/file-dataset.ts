/** A list of files as a set of pictures: each is read and decoded when it is asked for. */
import { open, readFile } from 'node:fs/promises';
import {
  checkFunctions,
  checkIntegers,
  checkLists,
  checkObjects,
  checkOptions,
  checkStrings,
  DataError,
  InputError,
  shown,
} from '@longtail/core';
import { expectPath } from '../arguments.ts';
import { checkedFile } from '../checked-dataset.ts';
import type { Dataset, Picture, PictureFile } from '../dataset.ts';
import { decode } from '../decode.ts';
import { fileError, insideRoot } from './inside-root.ts';
import type { LeftOut } from './left-out.ts';
import type { PictureList } from './picture-list.ts';

export interface FileDataset extends Dataset {
  /** Folder of the pictures. */
  readonly root: string;
  readonly list: PictureList;
  /** Of a folder: what lies there and is not taken. */
  readonly leftOut?: LeftOut;
  /** @throws DataError when the file is not there, or lies outside the root */
  file(index: number): PictureFile;
}

async function bytesOf({ path, offset = 0, length }: PictureFile): Promise<Uint8Array> {
  if (length === undefined) return readFile(path);
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead); // of an archive that was cut short since: the decoder says so
  } finally {
    await handle.close();
  }
}

async function readPicture(file: PictureFile, place: string): Promise<Picture> {
  const { path } = file;
  const bytes = await bytesOf(file).catch((cause) => {
    throw fileError(path, place, cause);
  });
  if (bytes.length === 0)
    throw new DataError(`expected a picture in ${path} (${place}), but the file is empty; fetch it again.`, {
      path,
    });
  return decode(bytes, { source: `${path} (${place})` });
}

function checkList(list: PictureList): void {
  checkObjects({ list });
  const { length, labels, path, place } = list;
  checkIntegers({ 'the length of list': length });
  checkLists({ 'the labels of list': labels });
  checkFunctions({ 'path of list': path, 'place of list': place });
}

/**
 * @param name in messages and results
 * @param options.root folder that the list's paths begin at
 * @param options.find a file by its path in the root; default: one inside the root
 * @param options.locate from a path of the list (and its place) to one in the root, where the folders are laid out differently
 */
export function fileDataset(
  name: string,
  options: {
    root: string;
    list: PictureList;
    classNames: readonly string[];
    leftOut?: LeftOut;
    locate?: (path: string, index: number) => string;
    find?: (path: string, place: string) => PictureFile;
  },
): FileDataset {
  checkStrings({ name });
  const { root, list, classNames, leftOut } = checkOptions(options, { of: 'fileDataset' });
  expectPath('root', root);
  checkList(list);
  checkLists({ classNames });
  if (leftOut !== undefined) checkObjects({ leftOut });
  const { locate = (path) => path, find = insideRoot(root) } = options;
  checkFunctions({ locate, find });
  const file = (index: number): PictureFile => {
    if (!(Number.isInteger(index) && index >= 0 && index < list.length))
      throw new InputError(
        `${name} has the pictures 0 to ${list.length - 1}, but ${shown(index)} was asked for.`,
        { index },
      );
    return checkedFile(find(locate(list.path(index), index), list.place(index)), `${name}[${index}]`);
  };
  return {
    name,
    root,
    list,
    length: list.length,
    labels: list.labels,
    classNames,
    ...(leftOut && { leftOut }),
    file,
    read: async (index) => readPicture(file(index), list.place(index)),
  };
}
