/**
 * Tiny-ImageNet (Stanford's CS231n): 200 classes of ImageNet at 64x64, 500 training and 50 validation pictures a class;
 * and Tiny-ImageNet-LT: its classes with min(500, count of the class in ImageNet-LT) training pictures. On disk as
 * published (train/n01443537/images/*.JPEG, val/images/*.JPEG) or a folder a class (train/n01443537/*.JPEG).
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions, DataError } from '@longtail/core';
import { expectPath } from '../arguments.ts';
import type { PictureFile } from '../dataset.ts';
import { type FileDataset, fileDataset } from '../lists/file-dataset.ts';
import { pictureListBuilder } from '../lists/picture-list.ts';
import { decompressed, tarFiles } from '../lists/tar-files.ts';
import { imageFolder } from './image-folder.ts';
import { type ListedOptions, listedSet } from './listed-set.ts';
import { IMAGENET_STATISTICS, type Published } from './published.ts';

export const TINY_IMAGENET_LT: Published = {
  name: 'tiny-imagenet-lt',
  numClasses: 200,
  classCounts: {
    total: 21_052,
    largest: 500,
    smallest: 5,
    groups: { many: 76, medium: 95, few: 29 },
    sha256: '3ad2f851577afffc479db54224e5c64a5e14bbbc1a5bd31602a625b4ea3b6a1b',
  },
  statistics: IMAGENET_STATISTICS,
  lists: {
    train: {
      files: ['tiny_imagenet_lt_train.txt'],
      lines: 21_052,
      gitBlob: 'ae7abc10a3e3275f9ee397efe07c23f903e364d5',
    },
    validation: {
      files: ['tiny_imagenet_lt_val.txt'],
      lines: 2000,
      gitBlob: '352ac5c4abab9a6a7c403a8cfdb13ebc0b91cc4a',
    },
  },
  evaluation: {
    split: 'validation',
    caveat:
      "The labels of Tiny-ImageNet's test were never published; these are 10 of the 50 validation pictures a class, and whatever is chosen on them is chosen on the test.",
  },
};

/** Below a folder as it was published. */
const inner = (root: string): string =>
  existsSync(join(root, 'tiny-imagenet-200')) ? join(root, 'tiny-imagenet-200') : root;

/** Path of a list to the path on disk; `train/n01443537/n01443537_0.JPEG` is `.../images/...` as published. */
function locate(path: string): string {
  const [split, wnid, file] = path.split('/');
  return split === 'val' ? `val/images/${file}` : `${split}/${wnid}/images/${file}`;
}

/** A finder of the pictures of a tar.gz, by way of the cache. */
async function inArchive(
  archive: string,
  cache: string,
): Promise<(path: string, place: string) => PictureFile> {
  const tar = await decompressed(archive, { cache });
  const files = await tarFiles(tar);
  return (path, place) => {
    const file = files.get(path);
    if (file) return file;
    throw new DataError(
      `expected the picture ${path} (${place}) in ${archive}, but it is not there; fetch it again.`,
      { archive, path },
    );
  };
}

/**
 * @param root folder of the lists, and of the pictures, of tiny-imagenet-200, or of tiny_imagenet_lt.tar.gz
 * @param options.cache folder where the archive is decompressed, once
 * @returns train (21,052 pictures, 500 .. 5 a class) and validation (2,000)
 * @throws DataError when a list or the pictures are missing or damaged
 * @example
 * const { train, validation } = await tinyImagenetLT('data/tiny-imagenet-lt', { cache: '.cache' });
 */
export async function tinyImagenetLT<S extends 'train' | 'validation' = 'train' | 'validation'>(
  root: string,
  given: ListedOptions<S> & { cache?: string } = {},
): Promise<Record<S, FileDataset>> {
  expectPath('root', root);
  const { cache, ...options } = checkOptions(given, { of: 'tinyImagenetLT' });
  if (cache !== undefined) expectPath('cache', cache);
  const archive = join(root, 'tiny_imagenet_lt.tar.gz');
  const folder = inner(root);
  if (!existsSync(join(folder, 'train')) && existsSync(archive)) {
    if (cache === undefined)
      throw new DataError(
        `expected the pictures in ${root}, but they are packed in ${archive}; unpack it, or name a cache.`,
        { root },
      );
    return listedSet(TINY_IMAGENET_LT, root, { ...options, find: await inArchive(archive, cache) });
  }
  const asPublished = existsSync(join(folder, 'val/images'));
  return listedSet(TINY_IMAGENET_LT, folder, { lists: root, ...options, ...(asPublished && { locate }) });
}

/** val/images/*.JPEG by val_annotations.txt: `val_0.JPEG<tab>n03444034<tab>box`. */
async function annotatedValidation(root: string, classNames: readonly string[]): Promise<FileDataset> {
  const source = join(root, 'val/val_annotations.txt');
  const text = await readFile(source, 'utf8').catch((cause) => {
    throw new DataError(
      `expected ${source}, but it cannot be read (${(cause as Error).message}); unpack Tiny-ImageNet again.`,
      { source },
      { cause },
    );
  });
  const list = pictureListBuilder(source, { numClasses: classNames.length });
  const labels = new Map(classNames.map((name, label) => [name, label]));
  for (const [i, line] of text.trim().split(/\r?\n/).entries()) {
    const [file = '', wnid = ''] = line.split('\t');
    const [place, label] = [`${source}, line ${i + 1}`, labels.get(wnid)];
    if (label === undefined)
      throw new DataError(
        `expected a picture and a class of train/ in ${place}, but found ${JSON.stringify(line.slice(0, 80))}; unpack Tiny-ImageNet again.`,
        { source },
      );
    list.add(`val/images/${file}`, label, place);
  }
  return fileDataset('tiny-imagenet/validation', { root, list: list.finish(), classNames });
}

/**
 * The whole balanced set: what long tails are drawn of.
 *
 * @param root tiny-imagenet-200, or the folder above it
 * @returns train (100,000 pictures) and validation (10,000), classes in the order of their WordNet ids
 * @throws DataError when something is missing or damaged
 * @example
 * const { train, validation } = await tinyImagenet('data/tiny-imagenet-200');
 */
export async function tinyImagenet(root: string): Promise<{ train: FileDataset; validation: FileDataset }> {
  expectPath('root', root);
  const folder = inner(root);
  const train = await imageFolder(join(folder, 'train'), { name: 'tiny-imagenet/train' });
  return { train, validation: await annotatedValidation(folder, train.classNames) };
}
