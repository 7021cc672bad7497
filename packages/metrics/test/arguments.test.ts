import { LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import {
  type Accumulator,
  accuracy,
  accuracyUnderPrior,
  argmax,
  aurocOver,
  balancedError,
  type Chunk,
  calibrationOver,
  classCalibrationOver,
  classGroups,
  classRanking,
  classRecalls,
  classScores,
  cohenKappa,
  confusedPairs,
  confusionMatrix,
  coverageOfSets,
  coverageOver,
  equalMassCalibration,
  equalWidthCalibration,
  evaluate,
  evaluateSlices,
  geometricMean,
  gini,
  groupMeans,
  harmonicMean,
  imbalanceFactor,
  logitMagnitudeOver,
  ltRatio,
  macroF1,
  matthews,
  meanOfClasses,
  measure,
  mergeConfusions,
  mergeSums,
  normCountCorrelation,
  openSetF,
  rangeGroups,
  ranking,
  rejectBelow,
  type Sums,
  scoresOf,
  shiftedPrior,
  slicesOf,
  softmax,
  summariseRows,
  tally,
  tallyOver,
  thresholdGroups,
  topKOver,
  weightedF1,
  weightNorms,
  worstClass,
} from '../src/index.ts';

const counts = [500, 50, 5];
const [scores, labels] = [
  [3, 1, 2, 0, 4, 1],
  [0, 1],
];
const probabilities = [0.5, 0.25, 0.25, 0, 0.75, 0.25];
const three = { numClasses: 3 };
const tallied = tally([0, 1, 2], [0, 1, 1], three);
const confusion = confusionMatrix([0, 1, 2], [0, 1, 1], three);
const sums = { a: Float64Array.of(1, 2) };

/** An accumulator's options and what is added, as arguments of one function. */
const over =
  <Options, S extends Sums>(make: (options: Options) => Accumulator<S, unknown>) =>
  (chunk: Chunk, options: Options) =>
    measure([chunk], make(options));

testArguments(
  {
    argmax: [argmax, scores, three],
    evaluate: [evaluate, [0, 1, 2], [0, 1, 1], counts, { groupRule: 'official' }],
    scoresOf: [scoresOf, tallied, counts, { groupRule: 'official' }],
    classGroups: [classGroups, counts, { groupRule: 'oltr' }],
    thresholdGroups: [thresholdGroups, counts, { manyAbove: 100, fewBelow: 20 }],
    rangeGroups: [rangeGroups, { many: [0, 1], few: [1, 3] }, three],
    groupMeans: [groupMeans, [1, null, 0.5], { many: [0, 1], none: [], few: [2] }],
    imbalanceFactor: [imbalanceFactor, counts],
    gini: [gini, counts],
    ltRatio: [ltRatio, counts],
    tally: [tally, [0, 1, 2], [0, 1, 1], three],
    ...Object.fromEntries(
      Object.entries({ accuracy, balancedError, macroF1, meanOfClasses, weightedF1 }).map(([name, of]) => [
        name,
        [of, tallied],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries({ classRecalls, classScores, cohenKappa, harmonicMean, matthews, worstClass }).map(
        ([name, of]) => [name, [of, tallied]],
      ),
    ),
    geometricMean: [geometricMean, tallied, { correction: 0.1 }],
    confusionMatrix: [confusionMatrix, [0, 1, 2], [0, 1, 1], three],
    mergeConfusions: [mergeConfusions, [confusion, confusion]],
    confusedPairs: [confusedPairs, confusion, { most: 2, by: 'lift' }],
    softmax: [softmax, scores, three],
    summariseRows: [summariseRows, probabilities, labels, { ...three, from: 'probabilities' }],
    equalWidthCalibration: [equalWidthCalibration, [0.5, 0.75, 1], [0, 1, 1], { bins: 2 }],
    equalMassCalibration: [equalMassCalibration, [0.5, 0.75, 1], [0, 1, 1], { bins: 2 }],
    ranking: [ranking, [0.5, 0.75, 1], [0, 1, 1]],
    classRanking: [classRanking, scores, labels, three],
    coverageOfSets: [coverageOfSets, [1, 0], [2, 0], [0, 1], { ...three, target: 0.9, low: 0.5 }],
    openSetF: [openSetF, [0, -1, 1], [0, 0, -1], { by: 'official' }],
    rejectBelow: [rejectBelow, [0, 1, 1], [0.5, 0.25, 1], { threshold: 0.5 }],
    weightNorms: [weightNorms, scores, three],
    normCountCorrelation: [normCountCorrelation, [3, 1, 2], counts],
    shiftedPrior: [shiftedPrior, counts, { direction: 'forward', factor: 5 }],
    accuracyUnderPrior: [accuracyUnderPrior, [1, null, 0.5], [0.5, 0.25, 0.25]],
    slicesOf: [slicesOf, ['a', 'b', 'a']],
    evaluateSlices: [evaluateSlices, [0, 1, 2], [0, 1, 1], counts, { by: [1, 2, 1], groupRule: 'official' }],
    measure: [measure, [{ scores, labels }], tallyOver(three)],
    mergeSums: [mergeSums, [sums, sums]],
    tallyOver: [over(tallyOver), { scores, labels }, three],
    topKOver: [over(topKOver), { scores, labels }, { ...three, k: [1, 2] }],
    calibrationOver: [
      over(calibrationOver),
      { scores: probabilities, labels },
      { ...three, from: 'probabilities', bins: 5, groups: { many: [0], none: [], few: [1, 2] } },
    ],
    classCalibrationOver: [
      over(classCalibrationOver),
      { scores, labels },
      { ...three, from: 'logits', bins: 5, groups: { many: [0], none: [], few: [1, 2] } },
    ],
    aurocOver: [over(aurocOver), { scores, labels }, { ...three, from: 'logits', bins: 8 }],
    logitMagnitudeOver: [over(logitMagnitudeOver), { scores, labels }, three],
    coverageOver: [
      over(coverageOver),
      { scores: probabilities, labels },
      { ...three, thresholds: [0.5, 0.5, 0.25], target: 0.9, low: 0.5 },
    ],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
