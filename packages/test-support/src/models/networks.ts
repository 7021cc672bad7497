/** Two small networks with everything that tfjs-layers usually has in it, and something for them to learn. */
import * as tf from '@tensorflow/tfjs';
import type { Learner } from './index.ts';

const uniform = (seed: number) => tf.initializers.glorotUniform({ seed });

/** Bars that lie or stand, at some place in a noisy picture. */
export const PICTURES: Learner = {
  name: 'convolutions, batch normalisation, pools, dropout',
  network: () =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [8, 8, 1],
          filters: 6,
          kernelSize: 3,
          useBias: false,
          kernelInitializer: uniform(1),
        }),
        tf.layers.batchNormalization(),
        tf.layers.activation({ activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.separableConv2d({
          filters: 8,
          kernelSize: 3,
          padding: 'same',
          activation: 'elu',
          depthwiseInitializer: uniform(2),
          pointwiseInitializer: uniform(3),
        }),
        tf.layers.dropout({ rate: 0.2, seed: 4 }),
        tf.layers.averagePooling2d({ poolSize: 3, strides: 1 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: uniform(5) }),
      ],
    }),
  data: () =>
    tf.tidy(() => {
      const noise = tf.randomNormal([64, 8, 8, 1], 0, 0.2, 'float32', 6).arraySync() as number[][][][];
      const labels = noise.map((_, i) => i % 2);
      const pictures = noise.map((picture, i) =>
        picture.map((row, y) =>
          row.map(([value], x) => [value! + ((labels[i] ? x : y) === (i * 5) % 8 ? 1.5 : 0)]),
        ),
      );
      return { xs: tf.tensor4d(pictures), ys: tf.oneHot(tf.tensor1d(labels, 'int32'), 2).toFloat() };
    }),
};

/** Whether a sequence ends above or below where it began. */
export const SEQUENCES: Learner = {
  name: 'LSTM and GRU',
  network: () => {
    const seeded = (seed: number) => ({
      kernelInitializer: uniform(seed),
      recurrentInitializer: uniform(seed + 1),
    });
    return tf.sequential({
      layers: [
        tf.layers.lstm({ inputShape: [6, 2], units: 6, returnSequences: true, ...seeded(11) }),
        tf.layers.bidirectional({
          layer: tf.layers.gru({ units: 4, ...seeded(13) }) as tf.RNN,
          mergeMode: 'concat',
        }),
        tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: uniform(15) }),
      ],
    });
  },
  data: () =>
    tf.tidy(() => {
      const xs = tf.randomNormal<tf.Rank.R3>([64, 6, 2], 0, 1, 'float32', 16);
      const step = tf.sub(tf.slice(xs, [0, 5, 0], [64, 1, 1]), tf.slice(xs, [0, 0, 0], [64, 1, 1]));
      const rises = tf.cast(tf.greater(tf.reshape(step, [64]), 0), 'int32');
      return { xs, ys: tf.oneHot(rises, 2).toFloat() };
    }),
};
