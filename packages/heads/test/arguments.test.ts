import { InputError, LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import * as heads from '../src/index.ts';

const features = tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2]);
const labels = [0, 1, 2];
const sizes = { featureDim: 2, numClasses: 3, seed: 0 };
const joint = heads.linearHead(sizes);
const batches = (epoch: number) => {
  if (epoch > 1) throw new InputError('as many epochs as were asked for are too many for a test.');
  return [{ features: tf.clone(features), labels: tf.tensor1d(labels, 'int32') }];
};
const training = {
  epochs: 1,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
  loss: (z: tf.Tensor2D) => tf.mean(z),
  signal: undefined,
  onEpoch: () => {},
};

/** The logits of a head, whatever it takes to have it. */
const logits =
  (make: (...given: never[]) => heads.Head | Promise<heads.Head>) =>
  async (...given: never[]): Promise<unknown> => {
    const head = await make(...given);
    try {
      return tf.tidy(() => head.logits(features).dataSync());
    } finally {
      head.dispose();
    }
  };

testArguments(
  {
    cosineHead: [logits(heads.cosineHead), { ...sizes, name: 'a' }],
    linearHead: [logits(heads.linearHead), { ...sizes, name: 'a', bias: true }],
    linearFrom: [
      logits((name: string, tensors: { weight: tf.Tensor2D }, options: object) => {
        const weight = tensors?.weight; // the head takes it over
        return heads.linearFrom(
          name,
          weight instanceof tf.Tensor ? { ...tensors, weight: tf.clone(weight) } : tensors,
          options,
        );
      }),
      'a',
      { weight: tf.ones([3, 2]), bias: undefined },
      { trainable: false },
    ],
    unitRows: [(rows: tf.Tensor2D) => tf.tidy(() => heads.unitRows(rows).dataSync()), features],
    ncm: [logits(heads.ncm), features, labels, { numClasses: 3, kind: 'l2n', distance: 'l2' }],
    tauNorm: [logits(heads.tauNorm), joint, { tau: 0.5, bias: 'keep' }],
    chooseTau: [heads.chooseTau, joint, features, { taus: [0, 1], bias: 'drop', score: () => 1 }],
    crt: [logits(heads.crt), batches, { ...sizes, ...training }],
    lws: [logits(heads.lws), joint, batches, training],
    trainHead: [heads.trainHead, joint, batches, training],
  },
  {
    isTyped: (error) => error instanceof LongtailError,
    wrong: [tf.scalar(1), tf.zeros([3]), tf.zeros([2, 2, 1]), () => [], () => Number.NaN],
  },
);
