export { cosineHead, unitRows } from './cosine.ts';
export { crt } from './crt.ts';
export type { FeatureBatch, FeatureBatches, Head } from './head.ts';
export { linearFrom, linearHead } from './linear.ts';
export { lws } from './lws.ts';
export { type FeatureKind, ncm } from './ncm.ts';
export { chooseTau, TAUS, tauNorm } from './tau-norm.ts';
export { type TrainHeadOptions, trainHead } from './train-head.ts';
