/** Pictures of your own by a list or a CSV file. */
import { basename, dirname } from 'node:path';
import {
  checkIntegers,
  checkLists,
  checkOptions,
  checkStrings,
  InputError,
  MOST_CLASSES,
} from '@longtail/core';
import { expectPath } from '../arguments.ts';
import { readCsvList } from '../lists/csv-list.ts';
import { type FileDataset, fileDataset } from '../lists/file-dataset.ts';
import { readListFile } from '../lists/list-file.ts';

/**
 * A text file of `path label` lines.
 *
 * @param source path of the list; `.gz` is read as what it holds
 * @param options.root folder that its paths begin at; default: where the list lies
 * @param options.classNames by label. A validation or test list may lack classes: give it the training set's
 * @param options.numClasses at most 1,000,000, as each has a name; default: as many as classNames, else the largest label + 1
 * @throws DataError that names file and line. Labels of 1,000,000 and more are identifiers: `readListFile` takes them, and
 *   `renumber` of core makes classes of them
 * @example
 * const train = await pictureList('lists/train.txt', { root: 'pictures' });
 * const test = await pictureList('lists/test.txt', { root: 'pictures', classNames: train.classNames });
 */
export async function pictureList(
  source: string,
  options: { root?: string; name?: string; classNames?: readonly string[]; numClasses?: number } = {},
): Promise<FileDataset> {
  expectPath('source', source);
  const {
    root = dirname(source),
    name = basename(source),
    classNames,
  } = checkOptions(options, { of: 'pictureList' });
  expectPath('root', root);
  checkStrings({ name });
  if (classNames !== undefined) checkLists({ classNames });
  const { numClasses = classNames?.length } = options;
  if (numClasses !== undefined) checkIntegers({ numClasses }, { least: 1, most: MOST_CLASSES });
  if (classNames && classNames.length !== numClasses)
    throw new InputError(`expected a name for each of ${numClasses} classes, but got ${classNames.length}.`);
  const list = await readListFile(source, { numClasses: numClasses ?? MOST_CLASSES });
  const classes = numClasses ?? list.labels.reduce((largest, label) => Math.max(largest, label), 0) + 1;
  const names = classNames ?? Array.from({ length: classes }, (_, c) => String(c));
  return fileDataset(name, { root, list, classNames: names });
}

/**
 * A CSV file with a header line.
 *
 * @param source path of the file; `.gz` is read as what it holds
 * @param options.root folder that its paths begin at; default: where the file lies
 * @param options.path column of the paths
 * @param options.label column of the labels: whole numbers from 0, or names, which are numbered in alphabetic order
 * @param options.classNames of the training set, for its other splits
 * @throws DataError that names file and line, as readCsvList
 * @example
 * const train = await pictureCsv('train.csv', { path: 'file', label: 'species' });
 * const test = await pictureCsv('test.csv', { path: 'file', label: 'species', classNames: train.classNames });
 */
export async function pictureCsv(
  source: string,
  options: {
    root?: string;
    name?: string;
    path?: string;
    label?: string;
    delimiter?: string;
    classNames?: readonly string[];
  } = {},
): Promise<FileDataset> {
  expectPath('source', source);
  const {
    root = dirname(source),
    name = basename(source),
    ...columns
  } = checkOptions(options, { of: 'pictureCsv' });
  expectPath('root', root);
  checkStrings({ name });
  const { list, classNames } = await readCsvList(source, columns);
  return fileDataset(name, { root, list, classNames });
}
