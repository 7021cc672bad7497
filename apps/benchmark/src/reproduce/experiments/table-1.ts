/**
 * Table 1 (section 5.3): which part of the network stage 2 trains, from the naturally sampled representation. Below the paper's rows is the
 * classifier alone by the cheaper protocols of stage 2, so that what those cost in accuracy is seen on the same stage 1.
 */
import { ACCURACY } from '../accuracy.ts';
import { type Experiment, type ExperimentRow, rowKey, type Variant } from '../experiment.ts';

const SAMPLER = 'instance-balanced';
const PARTS = ['whole', 'whole-0.1lr', 'last-block'] as const;

/** The first is the recipe's own folder: what figures and tables share. */
const VARIANTS = {
  cached: {
    name: '',
    purpose: 'the classifier alone on features that are cached once, of pictures as they are',
    options: { features: 'cached', retrain: 'classifier' },
  },
  views: {
    name: 'views-4',
    purpose:
      'the classifier alone on features of four augmented views of each picture, cached and taken in turn (views=4)',
    options: { features: 'views=4', retrain: 'classifier' },
  },
  live: {
    name: 'retrained',
    purpose:
      'classifier, last block and whole network on pictures that are augmented anew each epoch, as published (live)',
    options: { features: 'live', retrain: ['classifier', ...PARTS].join(',') },
  },
} as const satisfies Record<string, Variant>;

const row = (part: string, protocol: keyof typeof VARIANTS, classifier: string): ExperimentRow => ({
  labels: [part, VARIANTS[protocol].options.features],
  variant: VARIANTS[protocol].name,
  sampler: SAMPLER,
  classifier,
});

const PUBLISHED_ROW = row('classifier', 'live', 'crt');

export const table1: Experiment = {
  name: 'table-1',
  title: 'Table 1: which part stage 2 trains',
  question: 'Which part of the network has to be learned again in stage 2?',
  recipes: ['imagenet-lt-resnext-50'],
  samplers: [SAMPLER],
  variants: Object.values(VARIANTS),
  heads: ['re-trained', 'stage 2'],
  rows: [
    row('whole network', 'live', 'whole'),
    row('whole network, backbone 0.1 lr', 'live', 'whole-0.1lr'),
    row('last block and classifier', 'live', 'last-block'),
    PUBLISHED_ROW,
    row('classifier', 'views', 'crt'),
    row('classifier', 'cached', 'crt'),
  ],
  columns: ACCURACY,
  published: (recipe) =>
    recipe === 'imagenet-lt-resnext-50'
      ? {
          source: 'cRT as the official code prints it (Kang et al. 2020)',
          conditions: 'ResNeXt-50, 90 epochs and 10 of stage 2, batches of 512',
          rows: new Map([[rowKey(PUBLISHED_ROW), [0.618, 0.462, 0.274, 0.496]]]),
        }
      : undefined,
};
