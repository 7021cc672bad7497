import '@tensorflow/tfjs';
import { cifarResNet, trainable } from '@longtail/backbones';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';

const backbone = cifarResNet({ depth: 8, seed: 0 });
console.log(backbone.stages.map(({ name }) => name)); // [ 'stem', 'layer1', 'layer2', 'layer3' ]

const images = tf.randomNormal<tf.Rank.R4>([4, 16, 16, 3], 0, 1, 'float32', 1);
const optimizer = sgd(trainable(backbone, { stages: ['layer2', 'layer3'] }), { momentum: 0.9 });
const loss = optimizer.minimize(
  () => {
    const features = backbone.features(images, {
      training: true,
      frozen: ['stem', 'layer1'], // their batch norms go on with their running statistics
      checkpointed: ['layer2'], // runs again in the backward pass: less memory
    });
    return tf.mean(tf.square(features)) as tf.Scalar;
  },
  { learningRate: 0.1 },
);
console.log(Number.isFinite((await loss.data())[0])); // true
