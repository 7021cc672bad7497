/** Networks: their features, a step of training, and their weights through a file. */
import {
  ARCHITECTURES,
  type Backbone,
  cifarResNet,
  loadWeights,
  resNet,
  saveWeights,
  trainable,
  VIT_ARCHITECTURES,
  vit,
} from '@longtail/backbones';
import { decodeSafetensors, encodeSafetensors } from '@longtail/formats';
import { imagesFromBytes } from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { type Numbers, type Program, read } from './set.ts';

const STATISTICS = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.25] };

function pictures(side: number): tf.Tensor4D {
  const bytes = Uint8Array.from({ length: 2 * side * side * 3 }, (_, i) => (i * 37) % 256);
  return imagesFromBytes(bytes, [2, side, side, 3], STATISTICS);
}

/** Features as it begins, after a step, and of another that has loaded what this one has saved. */
async function features(make: (options: { seed: number }) => Backbone, side: number): Promise<Numbers> {
  const [backbone, other] = [make({ seed: 0 }), make({ seed: 1 })];
  const seen = (by: Backbone) => read(() => by.features(pictures(side), { training: false }));
  const before = await seen(backbone);
  const optimizer = sgd(trainable(backbone));
  const loss = () => tf.mean(tf.square(backbone.features(pictures(side), { training: true }))) as tf.Scalar;
  optimizer.minimize(loss, { learningRate: 0.01 }).dispose();
  loadWeights(other, decodeSafetensors(encodeSafetensors(saveWeights(backbone))).arrays);
  const found = [...before, ...(await seen(backbone)), ...(await seen(other))];
  for (const part of [optimizer, backbone, other]) part.dispose();
  return found;
}

const photo = { ...ARCHITECTURES['resnet-18'], width: 4, layers: [1, 1] };
const transformer = { ...VIT_ARCHITECTURES['vit-s/16'], patch: 4, width: 12, heads: 3, depth: 2 };

export const NETWORKS: Program = {
  'a ResNet of CIFAR': () => features(({ seed }) => cifarResNet({ depth: 8, width: 4, seed }), 8),
  'a ResNet of photos': () => features(({ seed }) => resNet(photo, { seed }), 32),
  'a transformer': () => features(({ seed }) => vit(transformer, { seed, pictureSize: 8 }), 8),
};
