import { batches, compose, drawnLT, horizontalFlip, padAndCrop } from '@longtail/datasets';

// Drawn pictures, with nothing to download. CIFAR's: await cifar10LT('DIR', { cache: '.cache', imbalanceFactor: 100 })
const { train } = drawnLT({ seed: 0, largest: 20, imbalanceFactor: 10 });
const transform = compose(padAndCrop(4), horizontalFlip());
const order = [...train.labels.keys()]; // of a sampler: @longtail/samplers

const options = { batchSize: 256, transform, seed: 0, epoch: 0 };
for await (const { pixels, shape, labels } of batches(train, order, options))
  console.log(pixels.length, shape, labels.length); // 36864 [ 12, 32, 32, 3 ] 12
