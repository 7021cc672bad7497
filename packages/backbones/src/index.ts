export {
  ARCHITECTURES,
  type Architecture,
  type ArchitectureName,
  cifarArchitecture,
  wideArchitecture,
} from './architectures.ts';
export {
  type Backbone,
  checkStages,
  type EarlierFeatures,
  type FeatureOptions,
  type Stage,
  trainable,
} from './backbone.ts';
export { type FeatureExtractor, featureExtractor } from './feature-extractor.ts';
export { type Loaded, type LoadOptions, loadWeights, saveWeights } from './load-weights.ts';
export { checkPictures } from './pictures.ts';
export { checkPixels } from './pixels.ts';
export { cifarResNet, resNet, wideResNet } from './resnet.ts';
export type { Statistics } from './statistics.ts';
export { VIT_ARCHITECTURES, type VitArchitecture, type VitName } from './vit/architectures.ts';
export type { Interpolation } from './vit/bicubic.ts';
export { pictureSizeOf, type ResizeOptions, resizePositions } from './vit/positions.ts';
export { timmNames } from './vit/timm-names.ts';
export { toTimmNames } from './vit/to-timm-names.ts';
export { vit } from './vit/vit.ts';
