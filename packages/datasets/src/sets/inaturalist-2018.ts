/**
 * iNaturalist 2018 (Van Horn et al. 2018), 8142 species: the official lists (iNaturalist18_train.txt, _val.txt of
 * facebookresearch/classifier-balancing) or the competition's own train2018.json, val2018.json. Pictures:
 * train_val2018/Plantae/7477/*.jpg.
 */
import { dirname, join } from 'node:path';
import { checkOptions, DataError } from '@longtail/core';
import { readCocoJson } from '../lists/coco-json.ts';
import type { FileDataset } from '../lists/file-dataset.ts';
import { readListFile } from '../lists/list-file.ts';
import { folderNames, type PictureList } from '../lists/picture-list.ts';
import { fileBytes, firstThere } from '../lists/text-file.ts';
import { type ListedOptions, listedSet } from './listed-set.ts';
import type { Published } from './published.ts';

const NUM_CLASSES = 8142;

export const INATURALIST_2018: Published = {
  name: 'inaturalist-2018',
  numClasses: NUM_CLASSES,
  classCounts: {
    total: 437_513,
    largest: 1000,
    smallest: 2,
    groups: { many: 842, medium: 4076, few: 3224 },
    sha256: '15490ddfe172c58cd927af79e69246707fc5eaf2e4e8da7e9f3325e6d00988a0',
  },
  statistics: { mean: [0.466, 0.471, 0.38], std: [0.195, 0.194, 0.192] },
  lists: {
    train: {
      files: ['iNaturalist18_train.txt', 'iNaturalist18/iNaturalist18_train.txt', 'train2018.json'],
      lines: 437_513,
      gitBlob: '4accdb7584d2f0a5106c40a33ed6afa392189bcc',
    },
    validation: {
      files: ['iNaturalist18_val.txt', 'iNaturalist18/iNaturalist18_val.txt', 'val2018.json'],
      lines: 24_426,
      gitBlob: '4c23900857fd0f5adcd4cc0dffef345039eeb05f',
    },
  },
  evaluation: {
    split: 'validation',
    caveat:
      "The labels of the competition's test were never published: papers report the 24,426 validation pictures, 3 a class, and the official code chooses its hyperparameters on them as well.",
  },
};

/** The species of categories.json beside the lists, where it is. */
async function speciesNames(folder: string): Promise<string[] | undefined> {
  const file = firstThere([join(folder, 'categories.json')]);
  if (!file) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of fileBytes(file)) chunks.push(chunk);
  try {
    const names: string[] = [];
    for (const { id, name } of JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
      id: number;
      name: string;
    }[])
      names[id] = name;
    if (names.length === NUM_CLASSES && !names.includes(undefined as never)) return names;
    throw new Error(`it names ${names.length} species`);
  } catch (cause) {
    throw new DataError(
      `expected ${NUM_CLASSES} categories in ${file}, but reading it failed (${(cause as Error).message}); fetch it again, or remove it.`,
      { file },
      { cause },
    );
  }
}

/** @throws DataError when a split's file gives another name to an id than the file before */
function expectSameCategories(
  source: string,
  categories: ReadonlyMap<number, string>,
  before: ReadonlyMap<number, string>,
): void {
  for (const [id, name] of categories)
    if ((before.get(id) ?? name) !== name)
      throw new DataError(
        `expected category ${id} of ${source} to be ${before.get(id)}, as in the training list, but it is ${name}; fetch both files of the same year.`,
        { source, id },
      );
}

/**
 * @param root folder of the pictures, and of the lists if `lists` names no other. Classes are named by the
 *   categories.json beside the train list, else by the JSON's own categories, else `Plantae/7477`
 * @returns train and validation; there is no public test
 * @throws DataError when a list is missing or damaged
 * @example
 * const { train, validation } = await inaturalist2018('/data/inat2018');
 */
export async function inaturalist2018<S extends 'train' | 'validation' = 'train' | 'validation'>(
  root: string,
  options: ListedOptions<S> = {},
): Promise<Record<S, FileDataset>> {
  checkOptions(options, { of: 'inaturalist2018' });
  let categories: ReadonlyMap<number, string> = new Map();
  const read = async (source: string) => {
    if (!/\.json(\.gz)?$/.test(source)) return readListFile(source, { numClasses: NUM_CLASSES });
    const found = await readCocoJson(source, { numClasses: NUM_CLASSES });
    expectSameCategories(source, found.categories, categories);
    categories = found.categories;
    return found.list;
  };
  const byFolder = (list: PictureList) =>
    folderNames(list, {
      numClasses: NUM_CLASSES,
      folder: (path) => path.split('/').slice(-3, -1).join('/'),
    });
  const names = async (list: PictureList) => {
    const known = await speciesNames(dirname(list.source));
    return known ?? byFolder(list).map((name, c) => categories.get(c) ?? name);
  };
  return listedSet(INATURALIST_2018, root, { ...options, read, names });
}
