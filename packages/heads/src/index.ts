export { adjustPrior, priorShift, type TargetPrior } from './adjust-prior.ts';
export { chooseTau, classesByTau } from './choose-tau.ts';
export { type Classifier, type ClassifierParts, classifier } from './classifier.ts';
export { decodeClassifier, encodeClassifier } from './classifier-file.ts';
export { type Conformal, type ConformalOptions, conformal } from './conformal.ts';
export type { ConformalScore } from './conformal-scores.ts';
export { type CosineOptions, cosineFrom, cosineHead, unitRows } from './cosine.ts';
export { crt } from './crt.ts';
export { type DisAlignTensors, disAlign, disAlignFrom } from './dis-align.ts';
export { type EnsembleOptions, ensemble } from './ensemble.ts';
export type { FeatureRows, Features } from './feature-rows.ts';
export { type FecamOptions, fecam } from './fecam.ts';
export { type FecamTensors, fecamFrom } from './fecam-from.ts';
export { type GclStage2Options, gclStage2 } from './gcl-stage2.ts';
export type { FeatureBatch, FeatureBatches, Head, HeadForm } from './head.ts';
export type { HeadSchedule } from './head-schedule.ts';
export { type KnnOptions, type KnnTensors, knn, knnFrom } from './knn.ts';
export { type LosOptions, labelOverSmooth } from './label-over-smooth.ts';
export {
  estimatePrior,
  type PriorEstimate,
  type PriorOptions,
} from './label-shift.ts';
export { type LdaOptions, lda } from './lda.ts';
export { linearFrom, linearHead } from './linear.ts';
export { type LogisticHead, type LogisticOptions, logisticRegression } from './logistic-regression.ts';
export { type LwsOptions, lws, lwsFrom } from './lws.ts';
export { marc } from './marc.ts';
export { type MaxNormOptions, maxNorm } from './max-norm.ts';
export { mislas } from './mislas.ts';
export { type CardOptions, type CardScore, modelCard } from './model-card.ts';
export { type FeatureKind, type NcmOptions, ncm, ncmFrom } from './ncm.ts';
export { toOnnx } from './onnx/to-onnx.ts';
export { pca } from './pca.ts';
export { type PrincipalComponents, principalComponents } from './principal-components.ts';
export { estimatePriorByConfusion } from './prior-by-confusion.ts';
export { type RanpacHead, type RanpacOptions, ranpac } from './ranpac.ts';
export { type RanpacTensors, ranpacFrom } from './ranpac-from.ts';
export { type RidgeOptions, ridge } from './ridge.ts';
export type { ClassWeight } from './row-weights.ts';
export {
  type RowSampler,
  type SampledBatches,
  type SamplingOptions,
  sampledBatches,
} from './sampled-batches.ts';
export { type Calibrated, type TailCalibOptions, tailCalib } from './tail-calib.ts';
export { type TauExpertsOptions, tauExperts } from './tau-experts.ts';
export { TAUS, tauNorm } from './tau-norm.ts';
export { type TdeForm, tde, tdeFrom } from './tde.ts';
export { fitTemperature, type Temperature } from './temperature.ts';
export { type HeadLoss, type TrainHeadOptions, trainHead } from './train-head.ts';
export {
  centre,
  type FeatureTransform,
  l2,
  standardise,
  type TransformStep,
  transformed,
  tukey,
} from './transform.ts';
export {
  type FittedScaling,
  fitVectorScaling,
  type VectorScaling,
  type VectorScalingOptions,
} from './vector-scaling.ts';
