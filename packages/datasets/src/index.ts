export { type Batch, batches } from './batches.ts';
export { CIFAR10_CLASSES } from './cifar10-archive.ts';
export { CIFAR_STATISTICS, cifar10LT } from './cifar10-lt.ts';
export { type Dataset, inMemory, type Picture } from './dataset.ts';
export { DRAWN_STATISTICS, drawnLT } from './drawn/drawn-lt.ts';
export type { FeatureSet } from './features/feature-set.ts';
export {
  type FeatureFormat,
  type FeatureOptions,
  openFeatures,
  readLabels,
} from './features/open-features.ts';
export { ldamSubset } from './ldam-subset.ts';
export { longTail } from './long-tail.ts';
export { compose, horizontalFlip, padAndCrop, type Transform } from './transforms.ts';
