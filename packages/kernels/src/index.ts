export * from './adam-step.ts';
export { BatchNormGrad, type BatchNormGradInputs } from './batch-norm-grad.ts';
export * from './batch-norm-train.ts';
export { checkFilled } from './check-filled.ts';
export { checkClasses, checkTensors, described } from './check-tensors.ts';
export {
  Conv2DGeneral,
  type Conv2DGeneralAttributes,
  type Conv2DGeneralInputs,
  type Conv2DGeneralOptions,
  conv2dGeneral,
} from './conv2d-general.ts';
export * from './conv2d-general-grad.ts';
export * from './fused-conv2d-general.ts';
export * from './gelu.ts';
export { GlobalNorm, type GlobalNormInputs, globalNorm } from './global-norm.ts';
export { registerGradients } from './gradients.ts';
export * from './images.ts';
export { indicator } from './indicator.ts';
export { type KernelDefinition, runKernel } from './kernel.ts';
export * from './layer-norm.ts';
export * from './linear.ts';
export * from './log-softmax.ts';
export * from './moving-average-step.ts';
export * from './random-tensors.ts';
export { isRecomputing, recomputing } from './recomputing.ts';
export { ReluGrad, type ReluGradInputs, reluGrad } from './relu-grad.ts';
export * from './self-attention.ts';
export * from './sgd-momentum-step.ts';
export { type SumOverProcesses, withSharedMoments } from './shared-batch-norm.ts';
export * from './smoothed-cross-entropy.ts';
export * from './soft-cross-entropy.ts';
export * from './solve-positive.ts';
export * from './sparse-cross-entropy.ts';
export * from './strided-slice-grad.ts';
export * from './symmetric-eigen.ts';
