/** What lies in a folder of pictures: how its splits are told apart, how many pictures there are, and how large they are. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { classCounts, DataError, extent } from '@longtail/core';
import { type Dataset, imageFolder, pictureList } from '@longtail/datasets';

/** Folders or lists by the name that each split has there; 'held-out': class folders, a part of whose pictures is the test. */
export type Layout =
  | {
      readonly kind: 'folders' | 'lists';
      readonly train: string;
      readonly validation?: string;
      readonly test: string;
    }
  | { readonly kind: 'held-out' };

export interface Looked {
  readonly layout: Layout;
  readonly classes: number;
  readonly pictures: number;
  readonly largest: number;
  readonly smallest: number;
  /** Height and width of all that were looked at, where they are the same and small. */
  readonly small?: number;
  /** Of those that were looked at: the first that cannot be read, as its error says it. */
  readonly unread?: string;
  /** What else is to be known before its numbers are read. */
  readonly notes: readonly string[];
}

/** Pictures that are looked at, spread over the set; and what is small, as CIFAR's and Tiny-ImageNet's are. */
const LOOKED_AT = 50;
const SMALL = 64;
/** Of a class, where there is no test: one of so many pictures. */
export const HELD_OUT = 5;

const TRAIN = ['train', 'training'];
const VALIDATION = ['val', 'valid', 'validation'];
const TEST = ['test', 'testing'];

function splitsOf(
  kind: 'folders' | 'lists',
  names: readonly string[],
  nameOf: (split: string) => RegExp,
): Layout | undefined {
  const find = (splits: readonly string[]) =>
    names.find((name) => splits.some((one) => nameOf(one).test(name)));
  const [train, validation, last] = [find(TRAIN), find(VALIDATION), find(TEST)];
  const test = last ?? validation;
  if (!train || !test) return undefined;
  return { kind, train, ...(last && validation && { validation }), test };
}

/** @throws DataError when it is no folder, or one split alone */
export function layoutOf(data: string): Layout {
  if (!existsSync(data) || !statSync(data).isDirectory())
    throw new DataError(
      `expected a folder of pictures in ${data}, but there is none; name another with --data.`,
      {
        data,
      },
    );
  const names = readdirSync(data).sort();
  const folders = names.filter((name) =>
    statSync(join(data, name), { throwIfNoEntry: false })?.isDirectory(),
  );
  const found =
    splitsOf('folders', folders, (split) => new RegExp(`^${split}$`, 'i')) ??
    splitsOf('lists', names, (split) => new RegExp(`(^|[_-])${split}\\.txt(\\.gz)?$`, 'i'));
  if (found) return found;
  expectClasses(data, folders);
  return { kind: 'held-out' };
}

/** @throws DataError for a split alone, which would be taken for a class */
function expectClasses(data: string, folders: readonly string[]): void {
  const alone = folders.find(
    (name) =>
      [...TRAIN, ...VALIDATION, ...TEST].includes(name.toLowerCase()) &&
      readdirSync(join(data, name), { withFileTypes: true }).some((entry) => entry.isDirectory()),
  );
  if (alone !== undefined)
    throw new DataError(
      `expected train/ and test/, or val/, in ${data}, but of these there is ${alone}/ alone; put the other beside it, or name ${join(data, alone)} itself.`,
      { data },
    );
}

async function trainingSet(data: string, layout: Layout): Promise<Dataset> {
  if (layout.kind === 'held-out') return imageFolder(data);
  const path = join(data, layout.train);
  return layout.kind === 'folders' ? imageFolder(path) : pictureList(path, { root: data });
}

/** @throws DataError where none of the pictures can be read */
async function sizesOf(set: Dataset): Promise<Pick<Looked, 'small' | 'unread'>> {
  const count = Math.min(LOOKED_AT, set.length);
  const sizes = new Set<string>();
  let unread: DataError | undefined;
  for (let i = 0; i < count; i++)
    try {
      const { height, width } = await set.read(Math.floor((i * set.length) / count));
      sizes.add(`${height}x${width}`);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      unread ??= error;
    }
  if (sizes.size === 0) throw unread!;
  const [height, width] = [...sizes][0]!.split('x').map(Number) as [number, number];
  const isSmall = sizes.size === 1 && height === width && height <= SMALL;
  return { ...(isSmall && { small: height }), ...(unread && { unread: unread.message }) };
}

/** Of splits that are there by themselves. */
async function notesOf(data: string, layout: Layout, train: Dataset): Promise<string[]> {
  const notes =
    train.classNames.length === 1 ? ['There is one class alone: every picture will be right.'] : [];
  if (layout.kind === 'held-out') return notes;
  const path = join(data, layout.test);
  const { classNames } = train;
  const { labels } = await (layout.kind === 'folders'
    ? imageFolder(path, { classNames })
    : pictureList(path, { root: data, classNames }));
  const tested = classCounts(labels, { numClasses: classNames.length });
  const untested = classNames.filter((_, label) => tested[label] === 0);
  if (untested.length > 0)
    notes.push(
      `${untested.length} of ${classNames.length} classes have no test picture, the first of them ${untested[0]}: scores are of the others.`,
    );
  if (layout.kind === 'lists' && readFileSync(path).equals(readFileSync(join(data, layout.train))))
    notes.push(`${layout.test} is ${layout.train}, to the byte: the test pictures are those of training.`);
  return notes;
}

/**
 * @param data the folder: `train/CLASS` and `test/CLASS` or `val/CLASS`; `train.txt` and `test.txt` or `val.txt`, lines of
 *   `path label`; or `CLASS` alone
 * @throws DataError when it is none of them, or no picture that is looked at can be read
 */
export async function lookAt(data: string): Promise<Looked> {
  const layout = layoutOf(data);
  const set = await trainingSet(data, layout);
  const counts = classCounts(set.labels, { numClasses: set.classNames.length });
  const [smallest, largest] = extent(counts);
  if (layout.kind === 'held-out' && largest < HELD_OUT)
    throw new DataError(
      `expected a class of ${HELD_OUT} pictures at least in ${data}, one of which is for the test, but the largest has ${largest}; put test pictures beside those for training, in test/ and train/.`,
      { data },
    );
  return {
    layout,
    classes: set.classNames.length,
    pictures: set.length,
    largest,
    smallest,
    ...(await sizesOf(set)),
    notes: await notesOf(data, layout, set),
  };
}
