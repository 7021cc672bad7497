import '@tensorflow/tfjs'; // a backend, and the gradients
import { adamW, cosine, decayGroups, ema, warmUp } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';

// y = 2 x + 1 from 64 points.
const x = tf.linspace(-1, 1, 64);
const y = tf.add(tf.mul(x, 2), 1);
const variables = [tf.variable(tf.zeros([1]), true, 'weight'), tf.variable(tf.zeros([1]), true, 'bias')];
const [weight, bias] = variables as [tf.Variable, tf.Variable];
const lossOf = () => tf.losses.meanSquaredError(y, tf.add(tf.mul(x, weight), bias)) as tf.Scalar;

const optimizer = adamW(decayGroups(variables), { weightDecay: 1e-3, clip: { norm: 1 } });
const rate = warmUp(cosine(0.3, { epochs: 20 }), { epochs: 2 });
const averages = ema(variables, { decay: 0.9 });

for (let epoch = 0; epoch < 20; epoch++)
  for (let step = 0; step < 5; step++) {
    optimizer.minimize(lossOf, { learningRate: rate(epoch, step / 5) }).dispose();
    averages.update();
  }
console.log((await weight.data())[0]!.toFixed(2), (await bias.data())[0]!.toFixed(2)); // 1.99 1.00

const averaged = await averages.swapped(async () => (await lossOf().data())[0]!);
console.log(averaged < 1e-3); // true
