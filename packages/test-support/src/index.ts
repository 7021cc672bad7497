export { type ArgumentRow, testArguments } from './arguments.ts';
export { maxDifference, toBeCloseTo } from './close.ts';
export { drawn, drawnStateDict, drawnWeight } from './drawn-weights.ts';
export { testExamples } from './examples.ts';
export { fuzzing } from './fuzzing.ts';
export { tensorflowFolders, testDevice, torchLibrary } from './native.ts';
export { readNpy } from './npy.ts';
export { type Sample, toMatchSample } from './sample.ts';
export { shared, sharedOrSkip } from './shared.ts';
export {
  readVitGolden,
  type VitCase,
  type VitGolden,
  vitArrays,
  vitPictures,
  vitWeight,
} from './vit-golden.ts';
