export { maxDifference, toBeCloseTo } from './close.ts';
export { drawn, drawnWeight } from './drawn-weights.ts';
export { fuzzing } from './fuzzing.ts';
export { tensorflowFolders, testDevice, torchLibrary } from './native.ts';
export { readNpy } from './npy.ts';
export { shared, sharedOrSkip } from './shared.ts';
