/** Figure 1 (section 5.2): four samplers of stage 1, five classifiers on each of their representations. */
import { classifierName } from '@longtail/report/results';
import { ACCURACY, publishedAccuracy } from '../accuracy.ts';
import type { Experiment } from '../experiment.ts';

export const CLASSIFIERS = ['joint', 'ncm', 'crt', 'tau', 'lws'] as const;
export const AS_IT_IS = { name: '', purpose: 'stage 1 and its classifiers', options: {} } as const;

const SAMPLERS = ['instance-balanced', 'class-balanced', 'square-root', 'progressively-balanced'] as const;

export const figure1: Experiment = {
  name: 'figure-1',
  title: 'Figure 1: representation × classifier',
  question: 'Which sampling learns the best representation, whatever classifier is put on it?',
  recipes: ['imagenet-lt-resnext-50'],
  samplers: SAMPLERS,
  variants: [AS_IT_IS],
  heads: ['representation', 'classifier'],
  rows: SAMPLERS.flatMap((sampler) =>
    CLASSIFIERS.map((classifier) => ({
      labels: [sampler, classifierName(classifier)],
      variant: '',
      sampler,
      classifier,
    })),
  ),
  columns: ACCURACY,
  published: publishedAccuracy,
  figure: 'classifiers',
};
