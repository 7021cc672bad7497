// node photos.ts DIR, a folder a class
import {
  batches,
  colorJitter,
  compose,
  horizontalFlip,
  IMAGENET_LT,
  imageFolder,
  randomResizedCrop,
} from '@longtail/datasets';

const train = await imageFolder(process.argv[2] ?? '.');
const transform = compose(
  randomResizedCrop(224),
  horizontalFlip(),
  colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 }),
);
const order = [...train.labels.keys()]; // of a sampler: @longtail/samplers
const options = { batchSize: 256, transform, seed: 0, epoch: 0, onBadImage: 'skip' } as const;
for await (const { pixels, shape, labels, skipped } of batches(train, order, options))
  console.log(pixels.length, shape, labels.length, skipped.length);

// To floats on the device: imagesFromBytes(pixels, shape, IMAGENET_LT.statistics) of @longtail/kernels.
console.log(IMAGENET_LT.statistics.mean); // [ 0.485, 0.456, 0.406 ]
