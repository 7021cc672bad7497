/** MNIST (LeCun et al. 1998) and Fashion-MNIST (Xiao et al. 2017): 28x28 grey pictures of 10 classes, as IDX files. */
import { join } from 'node:path';
import { checkOneOf, checkOptions, checkStrings, classCounts, DataError } from '@longtail/core';
import { expectPath } from '../arguments.ts';
import { type Dataset, inMemory } from '../dataset.ts';
import { readIdx } from '../lists/idx.ts';
import { firstThere } from '../lists/text-file.ts';
import { longTail, type Profile } from '../long-tail.ts';
import { copiedSubset, type Draw, drawSubset, type PixelSet, type Subset } from '../subset.ts';

export type MnistName = 'mnist' | 'fashion-mnist';
const FASHION = 'T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot';
const CLASS_NAMES: Record<MnistName, readonly string[]> = {
  mnist: [...'0123456789'],
  'fashion-mnist': FASHION.split(','),
};

/** Of the one channel, 0..1; MD5 of the published files. */
export const MNIST: Record<MnistName, { mean: number; std: number; md5: Readonly<Record<string, string>> }> =
  {
    mnist: {
      mean: 0.1307,
      std: 0.3081,
      md5: {
        'train-images-idx3-ubyte.gz': 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
        'train-labels-idx1-ubyte.gz': 'd53e105ee54ea40749a09fcbcd1e9432',
        't10k-images-idx3-ubyte.gz': '9fb629c4189551a2d022fa330f9573f3',
        't10k-labels-idx1-ubyte.gz': 'ec29112dd5afa0611ce80d1b7f02629c',
      },
    },
    'fashion-mnist': {
      mean: 0.286,
      std: 0.353,
      md5: {
        'train-images-idx3-ubyte.gz': '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
        'train-labels-idx1-ubyte.gz': '25c81989df183df01b3e8a0aad5dffbe',
        't10k-images-idx3-ubyte.gz': 'bef4ecab320f06d8554ea6380940ec79',
        't10k-labels-idx1-ubyte.gz': 'bb300cfdad3c16e7a12a480ee83cd310',
      },
    },
  };

/** The folder itself, or where torchvision puts the files below it. */
const FOLDERS: Record<MnistName, readonly string[]> = {
  mnist: ['.', 'MNIST/raw'],
  'fashion-mnist': ['.', 'FashionMNIST/raw'],
};

async function readPart(root: string, prefix: string, name: MnistName): Promise<PixelSet> {
  expectPath('root', root);
  checkOneOf({ name }, Object.keys(CLASS_NAMES));
  const [images, labels] = await Promise.all(
    ['images-idx3-ubyte', 'labels-idx1-ubyte'].map(async (kind) => {
      const path = firstThere(FOLDERS[name].map((folder) => join(root, folder, `${prefix}-${kind}`)));
      if (path) return { path, ...(await readIdx(path)) };
      throw new DataError(
        `expected ${prefix}-${kind} or ${prefix}-${kind}.gz in ${root}, but it is not there; put the files of ${name} there, or name their folder.`,
        { root },
      );
    }) as [Promise<ReadPart>, Promise<ReadPart>],
  );
  const [n, height, width] = images.shape;
  if (images.shape.length !== 3 || labels.shape.length !== 1 || labels.shape[0] !== n)
    throw new DataError(
      `expected [N, height, width] pictures in ${images.path} and [N] labels in ${labels.path}, but they are [${images.shape}] and [${labels.shape}]; fetch them again.`,
    );
  const bad = labels.data.findIndex((label) => label > 9);
  if (bad >= 0)
    throw new DataError(
      `expected labels from 0 to 9 in ${labels.path}, but label ${bad} is ${labels.data[bad]}; fetch it again.`,
    );
  return {
    pixels: images.data,
    labels: Int32Array.from(labels.data),
    classNames: CLASS_NAMES[name],
    shape: [height!, width!, 1],
  };
}
type ReadPart = Awaited<ReturnType<typeof readIdx>> & { path: string };

/**
 * @param root folder of the IDX files, compressed or not
 * @param options.trainPrefix of the training files' names
 * @returns train (60,000) and test (10,000), pictures of 28x28x1
 * @throws DataError when a file is missing or damaged
 */
export async function mnist(
  root: string,
  options: { name?: MnistName; trainPrefix?: string } = {},
): Promise<{ train: Dataset; test: Dataset }> {
  const { name = 'mnist', trainPrefix = 'train' } = checkOptions(options, { of: 'mnist' });
  checkStrings({ trainPrefix });
  const [train, test] = await Promise.all([readPart(root, trainPrefix, name), readPart(root, 't10k', name)]);
  return { train: inMemory(`${name}/train`, train), test: inMemory(`${name}/test`, test) };
}

/**
 * A long tail of its training pictures. MNIST has not equally many of each: the largest class gets as many as the rarest
 * digit has, 5,421.
 *
 * @throws DataError as {@link mnist}
 * @example
 * const { train, test } = await mnistLT('data/mnist', { imbalanceFactor: 100 }); // 5421 .. 54 a class
 */
export async function mnistLT(
  root: string,
  options: {
    name?: MnistName;
    imbalanceFactor?: number;
    profile?: Profile;
    reversed?: boolean;
    draw?: Draw;
    seed?: number;
  } = {},
): Promise<{ train: Subset; test: Dataset }> {
  const { name = 'mnist', imbalanceFactor = 100 } = checkOptions(options, { of: 'mnistLT' });
  const { profile = 'exponential', reversed = false, draw = 'ldam', seed = 0 } = options;
  const [train, test] = await Promise.all([readPart(root, 'train', name), readPart(root, 't10k', name)]);
  const largest = classCounts(train.labels, { numClasses: 10 }).reduce((a, b) => Math.min(a, b));
  const counts = longTail({ numClasses: 10, largest, imbalanceFactor, profile, reversed });
  const indices = drawSubset(train.labels, counts, { draw, seed });
  return {
    train: copiedSubset(train, indices, `${name}-lt/train`),
    test: inMemory(`${name}-lt/test`, test),
  };
}
