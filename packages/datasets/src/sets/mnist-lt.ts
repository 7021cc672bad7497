/**
 * What is known about the long tails of MNIST and Fashion-MNIST at imbalance factor 100. No paper has set them down: the
 * largest class has what the rarest digit has (5,421), or all (6,000), the others fall as CIFAR-LT's (Cao et al. 2019).
 */
import { MNIST, type MnistName } from './mnist.ts';
import type { Published } from './published.ts';

const tail = (name: MnistName, classCounts: Published['classCounts']): Published => ({
  name: `${name}-lt`,
  numClasses: 10,
  classCounts,
  statistics: { mean: [MNIST[name].mean], std: [MNIST[name].std] },
  lists: {},
  evaluation: {
    split: 'test',
    caveat:
      'There is no validation split, and no list of a long tail that papers share: report the hash of the subset.',
  },
});

export const MNIST_LT: Readonly<Record<MnistName, Published>> = {
  mnist: tail('mnist', {
    total: 13_449,
    largest: 5421,
    smallest: 54,
    groups: { many: 8, medium: 2, few: 0 },
    sha256: '1cbd93bed6dd814536b97cae7e3d56464d95587f1fd905b895c78316b1492e14',
  }),
  'fashion-mnist': tail('fashion-mnist', {
    total: 14_886,
    largest: 6000,
    smallest: 60,
    groups: { many: 8, medium: 2, few: 0 },
    sha256: '6b0539cfe7c097f4133c1b51b6d1ee72d4e162723d013251e04e0fd893f93f14',
  }),
};
