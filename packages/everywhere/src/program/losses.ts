/** Losses with their gradients, and the steps of optimizers. */
import { normal } from '@longtail/kernels';
import * as losses from '@longtail/losses';
import { adamW, cosine, ema, type Optimizer, sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { COUNTS, type Numbers, type Program, read } from './set.ts';

const lossAndGradient = (loss: losses.Loss): Promise<Numbers> =>
  read(() => {
    const labels = tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32');
    const features = normal([6, 4], { seed: 3 }) as tf.Tensor2D;
    const run = (z: tf.Tensor) => loss(z as tf.Tensor2D, labels, { epoch: 9, step: 2, features });
    const { value, grad } = tf.valueAndGrad(run)(normal([6, COUNTS.length], { seed: 2, deviation: 0.5 }));
    return tf.concat([tf.reshape(value, [1]), tf.reshape(grad, [-1])]);
  });

/** Weights and their averages after three steps. */
async function steps(begin: (weights: tf.Variable[]) => Optimizer): Promise<Numbers> {
  const weights = [tf.tidy(() => tf.variable(normal([5, 3], { seed: 4 })))] as [tf.Variable];
  const [averages, optimizer] = [ema(weights, { decay: 0.5 }), begin(weights)];
  const rate = cosine(0.1, { epochs: 3, step: 'epoch' });
  for (let epoch = 0; epoch < 3; epoch++) {
    const loss = () => tf.sum(tf.square(tf.sub(weights[0], 1))) as tf.Scalar;
    optimizer.minimize(loss, { learningRate: rate(epoch) }).dispose();
    averages.update();
  }
  const found = await read(() => tf.concat([weights[0], averages.state.get('average.0')!]));
  for (const part of [averages, optimizer, ...weights]) part.dispose();
  return found;
}

export const LOSSES: Program = {
  'balanced softmax': () => lossAndGradient(losses.balancedSoftmax(COUNTS)),
  focal: () => lossAndGradient(losses.focal()),
  ldam: () => lossAndGradient(losses.ldam(COUNTS)),
  gcl: () => lossAndGradient(losses.gcl(COUNTS)),
  'label-aware smoothing': () => lossAndGradient(losses.labelAwareSmoothing(COUNTS)),
  'influence-balanced': () => lossAndGradient(losses.influenceBalanced(COUNTS, { startEpoch: 0 })),
  sgd: () => steps((weights) => sgd(weights, { weightDecay: 0.01, clip: { norm: 1 } })),
  adamW: () => steps((weights) => adamW(weights, { weightDecay: 0.05 })),
};
