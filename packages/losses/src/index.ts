export { balancedSoftmax } from './balanced-softmax.ts';
export { cdt } from './cdt.ts';
export { type ClassBalancedOptions, classBalanced } from './class-balanced.ts';
export { costSensitive } from './cost-sensitive.ts';
export { crossEntropy } from './cross-entropy.ts';
export { drw } from './drw.ts';
export { effectiveNumberWeights } from './effective-number.ts';
export { type EqualizationOptions, equalization } from './equalization.ts';
export { type FocalOptions, focal } from './focal.ts';
export { type GclOptions, gcl } from './gcl.ts';
export { grw } from './grw.ts';
export { type InfluenceBalancedOptions, influenceBalanced } from './influence-balanced.ts';
export {
  type LabelAwareSmoothingOptions,
  labelAwareEpsilons,
  labelAwareSmoothing,
} from './label-aware-smoothing.ts';
export { ladeCrossEntropy } from './lade-cross-entropy.ts';
export { type LdamOptions, ldam, ldamMargins } from './ldam.ts';
export { adjustLogits, logitAdjusted } from './logit-adjusted.ts';
export type { Labels, Loss, LossOptions } from './loss.ts';
export type { MixedBatch } from './mixed-batch.ts';
export { type MixupOptions, mixup } from './mixup.ts';
export { pcSoftmax } from './pc-softmax.ts';
export { type RemixOptions, remix, remixShare } from './remix.ts';
export { weightedCrossEntropy } from './weighted-cross-entropy.ts';
