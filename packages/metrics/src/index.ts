export { type Accumulator, measure, mergeSums, type Sums } from './accumulator.ts';
export { cohenKappa, matthews } from './agreement.ts';
export { argmax } from './argmax.ts';
export { accuracy, balancedError, macroF1, meanOfClasses, weightedF1 } from './averages.ts';
export { type BcaOptions, bcaInterval, bcaP } from './bca.ts';
export { bootstrap, type Statistic } from './bootstrap.ts';
export type { BootstrapOptions } from './bootstrap-options.ts';
export {
  type Calibration,
  type CalibrationSums,
  calibrationOver,
  type GroupedCalibration,
} from './calibration.ts';
export { type Cells, cellsOf } from './cells.ts';
export {
  type ClassCalibration,
  type ClassCalibrationSums,
  classCalibrationOver,
} from './class-calibration.ts';
export { geometricMean, harmonicMean, worstClass } from './class-means.ts';
export { type ClassRanking, classRanking } from './class-ranking.ts';
export { type ClassScore, classRecalls, classScores } from './class-scores.ts';
export { compareDataSets, type DataSetsComparison, type MethodPair } from './compare-data-sets.ts';
export { compareGroups } from './compare-groups.ts';
export { compareMacroF1 } from './compare-macro-f1.ts';
export { compareMethods, type MethodComparison } from './compare-methods.ts';
export { compareSeeds, type SeedsDifference } from './compare-seeds.ts';
export { type ConfusedPair, confusedPairs } from './confused-pairs.ts';
export { type Confusion, confusionMatrix, mergeConfusions } from './confusion.ts';
export { type Coverage, type CoverageSums, coverageOfSets } from './coverage.ts';
export { coverageOver } from './coverage-over.ts';
export { criticalDifference } from './critical-difference.ts';
export { type AdjustedVerdict, adjusted, type Difference, type Verdict } from './difference.ts';
export { type EqualMassCalibration, equalMassCalibration } from './equal-mass.ts';
export { type EqualWidthCalibration, equalWidthCalibration } from './equal-width.ts';
export type { Estimate } from './estimate.ts';
export { evaluate, type Scores, scoresOf } from './evaluate.ts';
export { type Friedman, friedman } from './friedman.ts';
export { groupMeans, type NamedGroups } from './group-means.ts';
export { classGroups, type GroupRule, type Groups } from './groups.ts';
export { holm } from './holm.ts';
export { gini, imbalanceFactor, ltRatio } from './imbalance.ts';
export type { Interval } from './interval.ts';
export { type LogitMagnitude, type LogitSums, logitMagnitudeOver } from './logit-magnitude.ts';
export { type McNemar, mcnemar } from './mcnemar.ts';
export { openSetF, rejectBelow } from './open-set.ts';
export { type ClassRange, rangeGroups, thresholdGroups } from './own-groups.ts';
export { type Ranking, ranking } from './ranking.ts';
export { type Auroc, type AurocSums, aurocOver, type ClassAuroc } from './ranking-histogram.ts';
export { type Recall, recallIntervals } from './recall-intervals.ts';
export type { ReliabilityBin } from './reliability.ts';
export { type RowSummary, summariseRows } from './row-summary.ts';
export type { AccuracyColumn, AccuracyRecord } from './score-columns.ts';
export { type ScoreInterval, type ScoreIntervals, scoreIntervals } from './score-intervals.ts';
export type { Chunk, ScoreKind } from './scores.ts';
export { evaluateSlices, type Slice, slicesOf } from './slices.ts';
export { softmax } from './softmax.ts';
export { type Tally, tally, tallyOver } from './tally.ts';
export { accuracyUnderPrior, shiftedPrior } from './test-priors.ts';
export { type TopK, type TopKSums, topKOver } from './top-k.ts';
export { normCountCorrelation, weightNorms } from './weight-norms.ts';
export { type Wilcoxon, wilcoxon } from './wilcoxon.ts';
export { wilson } from './wilson.ts';
