/**
 * Places-LT (Liu et al. 2019): 365 classes of Places365-Standard. Its lists, and the pictures on disk, come in either of
 * two layouts, in any combination: train/bow_window-indoor/00000001.jpg with val/bow_window-indoor/*.jpg ("easy
 * format"), and data_256/b/bow_window/indoor/00000001.jpg with val_256/*.jpg.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkOptions } from '@longtail/core';
import { expectPath } from '../arguments.ts';
import type { FileDataset } from '../lists/file-dataset.ts';
import { folderNames } from '../lists/picture-list.ts';
import { type ListedOptions, listedSet } from './listed-set.ts';
import { IMAGENET_STATISTICS, type Published, type SplitName } from './published.ts';

export const PLACES_LT: Published = {
  name: 'places-lt',
  numClasses: 365,
  classCounts: {
    total: 62_500,
    largest: 4980,
    smallest: 5,
    groups: { many: 131, medium: 163, few: 71 },
    sha256: '50c3529becbfdca5cdc4048a8354c1312370d86de7f11ac75d99e7987aba9cea',
  },
  statistics: IMAGENET_STATISTICS,
  lists: {
    train: {
      files: ['Places_LT_train.txt', 'Places_LT/Places_LT_train.txt', 'Places_LT_v2/Places_LT_train.txt'],
      lines: 62_500,
      gitBlob: '6392252f8ae867bc8a5e841cc1b29e5b8ef4b636',
    },
    validation: {
      files: ['Places_LT_val.txt', 'Places_LT/Places_LT_val.txt', 'Places_LT_v2/Places_LT_val.txt'],
      lines: 7300,
      gitBlob: 'b93a2ca58ccb7f3b671c176f395a70bf52c95533',
    },
    test: {
      files: ['Places_LT_test.txt', 'Places_LT/Places_LT_test.txt', 'Places_LT_v2/Places_LT_test.txt'],
      lines: 36_500,
      gitBlob: 'e732e58b8aa718a2c1c11933375f5710652c2b93',
    },
  },
  evaluation: {
    split: 'test',
    caveat:
      'The test is the 36,500 pictures of Places365\'s validation set; the 7,300 of "val" were taken from its training set. The published recipe starts from a ResNet-152 pretrained on the whole of ImageNet.',
  },
};

/** `bow_window-indoor`, from a path in either layout. */
function className(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return /^data_/.test(folders[0] ?? '') ? folders.slice(2).join('-') : (folders.at(-1) ?? '');
}

/** From a path of a list to the one that the folder on disk has. */
function locator(root: string): (path: string, className: string) => string {
  const spread = ['data_256', 'data_large'].find((name) => existsSync(join(root, name)));
  if (existsSync(join(root, 'train')) || !spread)
    return (path, name) => (path.startsWith('val') ? `val/${name}/` : `train/${name}/`) + fileName(path);
  const flat = spread.replace('data', 'val');
  return (path, name) =>
    (path.startsWith('val') ? `${flat}/` : `${spread}/${name[0]}/${name.replaceAll('-', '/')}/`) +
    fileName(path);
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * @param root folder of the pictures, and of the lists if `lists` names no other
 * @returns a set a split, 365 classes; pictures are read when they are asked for
 * @throws DataError when a list is missing or damaged
 * @example
 * const { train, validation, test } = await placesLT('/data/places365_standard', { lists: '/data/Places_LT' });
 */
export async function placesLT<S extends SplitName = 'train' | 'validation' | 'test'>(
  root: string,
  options: ListedOptions<S> = {},
): Promise<Record<S, FileDataset>> {
  expectPath('root', root);
  checkOptions(options, { of: 'placesLT' });
  return listedSet(PLACES_LT, root, {
    ...options,
    names: (list) => folderNames(list, { numClasses: PLACES_LT.numClasses, folder: className }),
    locate: locator(root),
  });
}
