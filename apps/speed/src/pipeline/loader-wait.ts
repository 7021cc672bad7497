/**
 * How long a training step waits for its batch, while the loader decodes behind it. The step: every convolution of a ResNet-50
 * at 224 x 224 (He et al. 2016, table 1), three times, since a gradient costs two more of them.
 * usage: loader-wait.ts PHOTOS
 */
import { batches, colorJitter, compose, horizontalFlip, randomResizedCrop } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { imagesFromBytes } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { photos } from './photos.ts';

steadyMalloc();
const BATCH = 4;
const STEPS = 5;
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** Places a side, input and inner channels, blocks, of each stage; a block ends with 4 times the inner ones. */
const STAGES = [
  [56, 64, 64, 3],
  [28, 256, 128, 4],
  [14, 512, 256, 6],
  [7, 1024, 512, 3],
] as const;

type Convolution = () => tf.Tensor;
const make = (size: number, from: number, to: number, kernel: number, stride = 1): Convolution => {
  const input = tf.keep(tf.ones([BATCH, size * stride, size * stride, from])) as tf.Tensor4D;
  const filter = tf.keep(tf.ones([kernel, kernel, from, to])) as tf.Tensor4D;
  return () => tf.conv2d(input, filter, stride, 'same');
};

/** Its 53 convolutions. */
function resnet50(): Convolution[] {
  const all = [make(112, 3, 64, 7, 2)];
  for (const [size, from, inner, blocks] of STAGES) {
    const stride = size === 56 ? 1 : 2;
    all.push(make(size, from, inner * 4, 1, stride));
    for (let block = 0; block < blocks; block++) {
      const shrinks = block === 0 ? stride : 1;
      all.push(make(size * shrinks, block === 0 ? from : inner * 4, inner, 1));
      all.push(make(size, inner, inner, 3, shrinks), make(size, inner, inner * 4, 1));
    }
  }
  return all;
}

const engine = await loadEngine({ backend: 'torch' });
const dataset = photos(process.argv[2]!);
const convolutions = resnet50();
const transform = compose(
  randomResizedCrop(224),
  horizontalFlip(),
  colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 }),
);
const order = Int32Array.from({ length: BATCH * (STEPS + 2) }, (_, i) => i % dataset.length);
let [waited, stepped, steps] = [0, 0, 0];
let asked = performance.now();
for await (const { pixels, shape } of batches(dataset, order, { batchSize: BATCH, transform })) {
  const got = performance.now();
  const images = imagesFromBytes(pixels, shape, IMAGENET);
  for (let pass = 0; pass < 3; pass++) for (const run of convolutions) run().dispose();
  images.dispose();
  const now = performance.now();
  if (steps++ >= 2) [waited, stepped] = [waited + got - asked, stepped + now - got];
  asked = now;
}
const [wait, step] = [waited / STEPS, stepped / STEPS];
console.log(
  `\na step of ${BATCH} photos, ResNet-50's ${convolutions.length} convolutions three times on ${engine.backend}: ${step.toFixed(0)} ms; waiting for its batch: ${wait.toFixed(1)} ms, ${((100 * wait) / step).toFixed(2)} %`,
);
