import '@tensorflow/tfjs';
import { checkpointed, sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';

const weights = [8, 8, 1].map((width) => tf.variable(tf.randomNormal([8, width], 0, 0.3, 'float32', 1)));
const [first, second, last] = weights as [tf.Variable, tf.Variable, tf.Variable];
const stage = (x: tf.Tensor) => tf.relu(tf.matMul(tf.relu(tf.matMul(x, first)), second));

// The stage keeps what goes into it, and runs again in the backward pass. Name what it trains.
const lossOf = (rows: number) => {
  const y = checkpointed((x) => stage(x!), [tf.ones([rows, 8])], [first, second]);
  return tf.mean(tf.square(tf.sub(tf.matMul(y, last), 1))) as tf.Scalar;
};

// A batch of 160 by parts of 64, each made when its turn comes, in the memory of one.
const parts = [64, 64, 32];
const optimizer = sgd(weights, { momentum: 0.9 });
const losses: number[] = [];
for (let step = 0; step < 20; step++) {
  const loss = optimizer.minimize(
    parts.map((rows) => () => lossOf(rows)),
    { learningRate: 0.05, sizes: parts },
  );
  losses.push((await loss.data())[0]!);
  loss.dispose();
}
console.log(losses.at(-1)! < losses[0]! / 10); // true
