export { type Backbone, type Stage, trainable } from './backbone.ts';
export { cifarResNet } from './cifar-resnet.ts';
export { loadWeights, saveWeights } from './load-weights.ts';
export { VIT_ARCHITECTURES, type VitArchitecture, type VitName } from './vit/architectures.ts';
export { type ResizeOptions, resizePositions } from './vit/positions.ts';
export { toTimmNames } from './vit/to-timm-names.ts';
export { vit } from './vit/vit.ts';
