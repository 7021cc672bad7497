/**
 * ImageNet-LT (Liu et al. 2019, "Large-Scale Long-Tailed Recognition in an Open World"): 1000 classes of ImageNet 2012,
 * cut to a Pareto distribution of power 6. Lists: github.com/zhmiao/OpenLongTailRecognition-OLTR and
 * facebookresearch/classifier-balancing; pictures: train/n01440764/*.JPEG and val/n01440764/*.JPEG.
 */
import { checkOptions } from '@longtail/core';
import type { FileDataset } from '../lists/file-dataset.ts';
import { type ListedOptions, listedSet } from './listed-set.ts';
import { IMAGENET_STATISTICS, type Published, type SplitName } from './published.ts';

export const IMAGENET_LT: Published = {
  name: 'imagenet-lt',
  numClasses: 1000,
  classCounts: {
    total: 115_846,
    largest: 1280,
    smallest: 5,
    groups: { many: 385, medium: 479, few: 136 },
    sha256: '93782c2e7eda453ae409fed503a27bc8d430ecb583c7d4b3c3adc93c2887236e',
  },
  statistics: IMAGENET_STATISTICS,
  lists: {
    train: {
      files: ['ImageNet_LT_train.txt', 'ImageNet_LT/ImageNet_LT_train.txt'],
      lines: 115_846,
      gitBlob: 'a063f095fcd475db4cf8b0658c4b73955535bbf9',
    },
    validation: {
      files: ['ImageNet_LT_val.txt', 'ImageNet_LT/ImageNet_LT_val.txt'],
      lines: 20_000,
      gitBlob: '3ed3188b2f44829ce2dec1cc27040d8d40984088',
    },
    test: {
      files: ['ImageNet_LT_test.txt', 'ImageNet_LT/ImageNet_LT_test.txt'],
      lines: 50_000,
      gitBlob: '76a2fb9749d6cd29e765cc4f8c270f2504131e2f',
    },
  },
  evaluation: {
    split: 'test',
    caveat:
      'The test is the 50,000 pictures of ImageNet\'s validation set; the 20,000 of "val" were taken from its training set. Weights pretrained on ImageNet have seen every training picture.',
  },
};

/**
 * @param root folder of the pictures, and of the lists if `lists` names no other
 * @returns a set a split, 1000 classes named by their WordNet ids; pictures are read when they are asked for
 * @throws DataError when a list is missing or damaged
 * @example
 * const { train, validation, test } = await imagenetLT('/data/imagenet', { lists: '/data/ImageNet_LT' });
 */
export async function imagenetLT<S extends SplitName = 'train' | 'validation' | 'test'>(
  root: string,
  options: ListedOptions<S> = {},
): Promise<Record<S, FileDataset>> {
  return listedSet(IMAGENET_LT, root, checkOptions(options, { of: 'imagenetLT' }));
}
