/** ResNet-32's training step by Longtail's parts. */
import { cifarResNet, trainable } from '@longtail/backbones';
import { linearHead } from '@longtail/heads';
import { crossEntropy } from '@longtail/losses';
import { sgd } from '@longtail/optim';
import type * as tf from '@tensorflow/tfjs-core';

/** @returns one step on a batch, and its loss */
export function partsResNet32(images: tf.Tensor4D, labels: tf.Tensor1D): () => tf.Scalar {
  const backbone = cifarResNet({ depth: 32, seed: 0 });
  const head = linearHead({ featureDim: 64, numClasses: 10, seed: 0 });
  const optimizer = sgd([...trainable(backbone), ...head.trainable], { weightDecay: 2e-4 });
  const loss = crossEntropy();
  return () =>
    optimizer.minimize(
      () => loss(head.logits(backbone.features(images, { training: true })), labels, { epoch: 0 }),
      { learningRate: 0.1 },
    );
}
