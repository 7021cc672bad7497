import { LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import {
  adjusted,
  bcaInterval,
  bcaP,
  bootstrap,
  cellsOf,
  compareDataSets,
  compareGroups,
  compareMacroF1,
  compareMethods,
  compareSeeds,
  criticalDifference,
  friedman,
  holm,
  mcnemar,
  recallIntervals,
  scoreIntervals,
  wilcoxon,
  wilson,
} from '../src/index.ts';

const counts = [500, 50, 5];
const drawing = { replicates: 20, confidence: 0.9, seed: 1 };
const [predicted, labels] = [
  [0, 1, 2],
  [0, 1, 1],
];
const scores = [
  [0.5, 0.4, 0.3],
  [0.6, 0.7, 0.2],
];

testArguments(
  {
    wilson: [wilson, 3, 4, { confidence: 0.9 }],
    recallIntervals: [recallIntervals, predicted, labels, { numClasses: 3, confidence: 0.9 }],
    cellsOf: [cellsOf, labels, predicted],
    bootstrap: [bootstrap, () => [1], labels, predicted, drawing],
    bcaInterval: [bcaInterval, [1, 2, 3], { observed: 2, acceleration: 0, confidence: 0.9 }],
    bcaP: [bcaP, [1, 2, 3], { observed: 2, acceleration: 0 }],
    scoreIntervals: [scoreIntervals, predicted, labels, counts, { groupRule: 'official', ...drawing }],
    mcnemar: [mcnemar, 3, 4],
    holm: [holm, [0.1, 0.2]],
    adjusted: [adjusted, [{ difference: 0.1, p: 0.2 }], { confidence: 0.9 }],
    compareMethods: [
      compareMethods,
      labels,
      predicted,
      labels,
      counts,
      { groupRule: 'official', ...drawing },
    ],
    compareMacroF1: [compareMacroF1, labels, predicted, labels, { numClasses: 3, ...drawing }],
    compareGroups: [
      compareGroups,
      predicted,
      labels,
      counts,
      { first: 'many', second: 'medium', ...drawing },
    ],
    compareSeeds: [compareSeeds, [labels], [predicted], labels, counts, { groupRule: 'oltr', ...drawing }],
    friedman: [friedman, scores],
    wilcoxon: [wilcoxon, [0.1, 0.2], [0.2, 0.1]],
    criticalDifference: [criticalDifference, { methods: 3, dataSets: 4, confidence: 0.9 }],
    compareDataSets: [compareDataSets, scores, { confidence: 0.9 }],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
