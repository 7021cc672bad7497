/** Which pictures there are and their classes, from whatever file says so: paths and labels, both compact. */
import { checkIntegers, DataError, MOST_CLASSES } from '@longtail/core';
import { compactStrings, growingInt32 } from './compact-strings.ts';

export interface PictureList {
  /** The file or folder that was read. */
  readonly source: string;
  readonly length: number;
  /** Shape [length]. */
  readonly labels: Int32Array;
  /** As the list has it, relative to the folder of the pictures. */
  path(index: number): string;
  /** Where the list says so, for messages: `LIST, line 12`. */
  place(index: number): string;
}

export interface PictureListBuilder {
  /** @throws DataError for a path that leaves its folder, and a label out of range */
  add(path: string, label: number, place: string): void;
  readonly length: number;
  finish(options?: { labels?: (label: number) => number }): PictureList;
}

/** Beyond what an Int32Array of labels is to hold. */
const ANY_LABEL = 2 ** 31 - 1;

/** Absolute on any system, or upwards. Links are looked at when a picture is read. */
const LEAVES = /^[/\\]|^[A-Za-z]:[/\\]|(?:^|[/\\])\.\.(?:[/\\]|$)/;

function problemOf(path: string): string | undefined {
  if (path === '') return 'the path is empty';
  if (LEAVES.test(path)) return `the path ${JSON.stringify(path)} leaves the folder of the pictures`;
  if (/\p{Cc}/u.test(path)) return `the path ${JSON.stringify(path)} has a control character`;
  if (path.includes('\ufffd')) return `the path ${JSON.stringify(path)} is not UTF-8`;
  return undefined;
}

interface Entry {
  readonly path: string;
  readonly label: number;
  readonly where: string;
}

function check({ path, label, where }: Entry, source: string, numClasses: number): void {
  const problem = problemOf(path);
  if (problem)
    throw new DataError(`expected a path inside the folder in ${where}, but ${problem}; mend the entry.`, {
      source,
      path,
    });
  if (!Number.isInteger(label) || label < 0 || label >= numClasses)
    throw new DataError(
      `expected a label from 0 to ${numClasses - 1} in ${where}, but it is ${label}; ${adviceOn(label)}.`,
      { source, label, numClasses },
    );
}

function adviceOn(label: number): string {
  if (label < MOST_CLASSES) return label < 0 ? 'mend it' : 'mend it, or say how many classes there are';
  return `number the classes from 0${label < ANY_LABEL ? ', as renumber(list.labels) does for a list of readListFile' : ''}`;
}

/**
 * @param source named in messages
 * @param options.numClasses labels are 0 .. numClasses - 1
 * @param options.bytes of all paths, about
 * @param options.place of a picture by its index, for messages
 */
export function pictureListBuilder(
  source: string,
  {
    numClasses = ANY_LABEL,
    bytes,
    place = (index) => `${source}, line ${index + 1}`,
  }: { numClasses?: number; bytes?: number; place?: (index: number) => string } = {},
): PictureListBuilder {
  checkIntegers({ numClasses }, { most: ANY_LABEL });
  const paths = compactStrings(bytes === undefined ? {} : { bytes });
  const labels = growingInt32();
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(path, label, where) {
      check({ path, label, where }, source, numClasses);
      paths.push(path);
      labels.push(label);
      length++;
    },
    finish({ labels: change } = {}) {
      const [strings, all] = [paths.finish(), labels.finish()];
      if (length > 0)
        return { source, length, labels: change ? all.map(change) : all, path: strings.at, place };
      throw new DataError(`expected pictures in ${source}, but it names none; give another list or folder.`, {
        source,
      });
    },
  };
}

/**
 * The name of the folder that each class's first picture lies in; of a class without pictures its number.
 *
 * @param options.folder of a path
 */
export function folderNames(
  list: PictureList,
  {
    numClasses,
    folder = (path) => path.split('/').at(-2) ?? '',
  }: { numClasses: number; folder?: (path: string) => string },
): string[] {
  const names = Array.from({ length: numClasses }, () => '');
  for (let i = 0; i < list.length; i++) names[list.labels[i]!] ||= folder(list.path(i));
  return names.map((name, c) => name || String(c));
}
