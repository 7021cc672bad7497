/** What is published about CIFAR-10-LT and CIFAR-100-LT (Cao et al. 2019) at their usual imbalance factor, 100. */
import type { CifarName } from '../cifar/layouts.ts';
import type { Published } from './published.ts';

/** Mean and standard deviation of each channel that the CIFAR-LT recipes use, of CIFAR-100 as well. */
export const CIFAR_STATISTICS: Published['statistics'] = {
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.2023, 0.1994, 0.201],
};

const evaluation: Published['evaluation'] = {
  split: 'test',
  caveat:
    'There is no validation split: many papers report the best epoch on the test, others the last; say which.',
};

export const CIFAR_LT: Readonly<Record<CifarName, Published>> = {
  'cifar-10': {
    name: 'cifar-10-lt',
    numClasses: 10,
    classCounts: {
      total: 12_406,
      largest: 5000,
      smallest: 50,
      groups: { many: 8, medium: 2, few: 0 },
      sha256: '720e505b6ae0ca4f9997f596a0994ec790cea2f6058be85f8469243c55426fa2',
    },
    statistics: CIFAR_STATISTICS,
    lists: {},
    evaluation,
  },
  'cifar-100': {
    name: 'cifar-100-lt',
    numClasses: 100,
    classCounts: {
      total: 10_847,
      largest: 500,
      smallest: 5,
      groups: { many: 35, medium: 35, few: 30 },
      sha256: 'a86899e02756da51131009ec660682dd8dc7d8df5ad734816d0c72e4fbc3248c',
    },
    statistics: CIFAR_STATISTICS,
    lists: {},
    evaluation,
  },
};
