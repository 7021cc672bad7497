export { classAware } from './class-aware.ts';
export { instanceBalanced } from './instance-balanced.ts';
export { classBalanced, powerLaw, squareRoot } from './power-law.ts';
export { progressivelyBalanced } from './progressively-balanced.ts';
export type { Sampler, SamplerOptions, WeightedSampler } from './sampler.ts';
