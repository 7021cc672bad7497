/** The photo networks that are timed, by Longtail's parts. */
import {
  type ArchitectureName,
  type Backbone,
  cifarResNet,
  resNet,
  trainable,
  type VitName,
  vit,
} from '@longtail/backbones';
import { linearHead } from '@longtail/heads';
import { crossEntropy } from '@longtail/losses';
import { adamW, sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';

function backboneOf(network: string): Backbone {
  if (network.startsWith('cifar')) return cifarResNet({ depth: 32, seed: 0 });
  if (network.startsWith('vit')) return vit(network as VitName, { seed: 0 });
  return resNet(network as ArchitectureName, { seed: 0 });
}

const sizeOf = (network: string): { size: number; numClasses: number } =>
  network.startsWith('cifar') ? { size: 32, numClasses: 10 } : { size: 224, numClasses: 1000 };

/** Random images, float32 [batch, size, size, 3]. */
const draw = (batch: number, size: number): tf.Tensor4D =>
  tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);

/** @returns one step on a batch, and its loss: features, a linear head, cross-entropy, its gradient, the optimizer */
export function trainingStep(network: string, batch: number): () => tf.Scalar {
  const backbone = backboneOf(network);
  const { size, numClasses } = sizeOf(network);
  const images = draw(batch, size);
  const labels = tf.tensor1d(
    Int32Array.from({ length: batch }, (_, i) => i % numClasses),
    'int32',
  );
  const head = linearHead({ featureDim: backbone.featureDim, numClasses, seed: 0 });
  const variables = [...trainable(backbone), ...head.trainable];
  const optimizer = network.startsWith('vit')
    ? adamW(variables, { weightDecay: 0.05 })
    : sgd(variables, { weightDecay: 2e-4 });
  const loss = crossEntropy();
  return () =>
    optimizer.minimize(
      () => loss(head.logits(backbone.features(images, { training: true })), labels, { epoch: 0 }),
      { learningRate: 1e-3 },
    );
}

/** @returns the features of a batch */
export function inference(network: string, batch: number): () => tf.Tensor {
  const backbone = backboneOf(network);
  const images = draw(batch, sizeOf(network).size);
  return () => backbone.features(images, { training: false });
}
