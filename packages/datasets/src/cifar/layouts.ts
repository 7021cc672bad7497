/** How CIFAR-10 and CIFAR-100 (Krizhevsky 2009) are published: cs.toronto.edu/~kriz/cifar.html. */
import { CIFAR10_CLASSES } from '../cifar10-archive.ts';

export type CifarName = 'cifar-10' | 'cifar-100';

export interface Layout {
  readonly format: 'binary' | 'python';
  readonly archive: string;
  /** Of the archive. */
  readonly md5: string;
  /** In the archive, and where it was unpacked. */
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: readonly string[];
}

const BATCHES = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}`);

export const LAYOUTS: Readonly<Record<CifarName, readonly Layout[]>> = {
  'cifar-10': [
    {
      format: 'binary',
      archive: 'cifar-10-binary.tar.gz',
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      folder: 'cifar-10-batches-bin',
      train: BATCHES.map((name) => `${name}.bin`),
      test: ['test_batch.bin'],
    },
    {
      format: 'python',
      archive: 'cifar-10-python.tar.gz',
      md5: 'c58f30108f718f92721af3b95e74349a',
      folder: 'cifar-10-batches-py',
      train: BATCHES,
      test: ['test_batch'],
    },
  ],
  'cifar-100': [
    {
      format: 'binary',
      archive: 'cifar-100-binary.tar.gz',
      md5: '03b5dce01913d631647c71ecec9e9cb8',
      folder: 'cifar-100-binary',
      train: ['train.bin'],
      test: ['test.bin'],
    },
    {
      format: 'python',
      archive: 'cifar-100-python.tar.gz',
      md5: 'eb9058c3a382ffc7106e4002c42a8d85',
      folder: 'cifar-100-python',
      train: ['train'],
      test: ['test'],
    },
  ],
};

/** By label. */
export const CIFAR_CLASSES: Readonly<Record<CifarName, readonly string[]>> = {
  'cifar-10': CIFAR10_CLASSES,
  'cifar-100': `
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
    caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
    forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
    mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
    possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
    sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
    willow_tree wolf woman worm`
    .trim()
    .split(/\s+/),
};
