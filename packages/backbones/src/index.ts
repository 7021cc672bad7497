export { type Backbone, type Stage, trainable } from './backbone.ts';
export { cifarResNet } from './cifar-resnet.ts';
export { loadWeights, saveWeights } from './load-weights.ts';
