export { maxDifference, toBeCloseTo } from './close.ts';
export { fuzzing } from './fuzzing.ts';
export { tensorflowFolders, testDevice, torchLibrary } from './native.ts';
export { readNpy } from './npy.ts';
export { shared, sharedOrSkip } from './shared.ts';
export {
  readVitGolden,
  type VitCase,
  type VitGolden,
  vitArrays,
  vitPictures,
  vitWeight,
} from './vit-golden.ts';
