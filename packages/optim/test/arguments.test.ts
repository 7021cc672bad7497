import { LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { cosine, type Schedule, sgd, steps, warmUp } from '../src/index.ts';

const schedule = cosine(0.1, { epochs: 10 });
/** The rates of a schedule's first epochs. */
const rates =
  (make: (...given: never[]) => Schedule) =>
  (...given: never[]): number[] => {
    const rate = make(...given);
    return [rate(0), rate(3, 0.5), rate(20)];
  };

/** The weight after one step, and the loss. */
function step(
  options: Parameters<typeof sgd>[1],
  loss: (x: tf.Variable) => tf.Scalar,
  rate: { learningRate: number },
): unknown {
  const x = tf.variable(tf.tensor1d([1, 2]));
  try {
    const optimizer = sgd([x], options);
    const value = optimizer.minimize(typeof loss === 'function' ? () => loss(x) : loss, rate).dataSync();
    return [x.dataSync(), value];
  } finally {
    x.dispose();
  }
}

testArguments(
  {
    cosine: [rates(cosine), 0.1, { epochs: 10, step: 'official' }],
    steps: [rates(steps), 0.1, { at: [5, 8], factor: 0.1 }],
    warmUp: [rates(warmUp), schedule, { epochs: 5 }],
    'a schedule': [schedule, 3, 0.5],
    sgd: [(variables: tf.Variable[]) => sgd(variables).velocities.length, [tf.variable(tf.scalar(1))]],
    'sgd, its options': [
      (options: object) => step(options, (x) => tf.sum(x), { learningRate: 0.1 }),
      { momentum: 0.9, weightDecay: 0.1, nesterov: false },
    ],
    'minimize, its loss': [
      (loss: (x: tf.Variable) => tf.Scalar) => step({}, loss, { learningRate: 0.1 }),
      (x: tf.Variable) => tf.sum(x),
    ],
    minimize: [(rate: { learningRate: number }) => step({}, (x) => tf.sum(x), rate), { learningRate: 0.1 }],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
