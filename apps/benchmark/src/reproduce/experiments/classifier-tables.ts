/** The tables of ImageNet-LT, iNaturalist 2018 and Places-LT (section 5.5): each network with every classifier. */
import { classifierName } from '@longtail/report/results';
import { ACCURACY, publishedAccuracy } from '../accuracy.ts';
import type { Experiment } from '../experiment.ts';
import { AS_IT_IS, CLASSIFIERS } from './figure-1.ts';

const SAMPLER = 'instance-balanced';

function classifierTable(name: string, recipes: readonly string[]): Experiment {
  return {
    name,
    title: 'Classifiers on the instance-balanced representation',
    question: 'What does each classifier make of one naturally sampled representation?',
    recipes,
    samplers: [SAMPLER],
    variants: [AS_IT_IS],
    heads: ['classifier'],
    rows: CLASSIFIERS.map((classifier) => ({
      labels: [classifierName(classifier)],
      variant: '',
      sampler: SAMPLER,
      classifier,
    })),
    columns: ACCURACY,
    published: publishedAccuracy,
  };
}

export const tableImageNet: Experiment = classifierTable('table-imagenet-lt', [
  'imagenet-lt-resnet-10',
  'imagenet-lt-resnext-50',
  'imagenet-lt-resnext-152',
]);

export const tablePlaces: Experiment = classifierTable('table-places-lt', ['places-lt']);

export const tableINaturalist: Experiment = classifierTable('table-inaturalist', [
  'inaturalist-2018-resnet-50',
  'inaturalist-2018-resnet-50-200-epochs',
  'inaturalist-2018-resnet-152',
  'inaturalist-2018-resnet-152-200-epochs',
]);
