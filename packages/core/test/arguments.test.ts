import { testArguments } from '@longtail/test-support';
import {
  asCounts,
  asLabels,
  checkPositions,
  checkWeights,
  classCounts,
  groupByClass,
  indicesByClass,
  LongtailError,
  random,
  renumber,
} from '../src/index.ts';

const labels = [0, 1, 1, 2];
const numClasses = 3;

testArguments(
  {
    asLabels: [asLabels, labels, { numClasses, name: 'labels' }],
    classCounts: [classCounts, labels, { numClasses }],
    groupByClass: [groupByClass, labels, { numClasses }],
    indicesByClass: [indicesByClass, labels, { numClasses }],
    renumber: [renumber, labels],
    asCounts: [asCounts, [5, 0, 1]],
    checkWeights: [(weights: number[]) => checkWeights({ weights }), [1, 2]],
    checkPositions: [checkPositions, [0, 1], { length: 2, of: 'train' }],
    random: [(seed: number, key: string) => random(seed, key).uniform(), 0, 'key'],
    'random.integer': [(n: number) => random(0).integer(n), 3],
    'random.shuffle': [(items: number[]) => random(0).shuffle(items).length, []],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
