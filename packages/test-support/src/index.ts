export { maxDifference, toBeCloseTo } from './close.ts';
export { readNpy } from './npy.ts';
export { shared, sharedOrSkip } from './shared.ts';
export { torchLibrary } from './torch.ts';
