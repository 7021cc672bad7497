/** ResNet-32's training step as anyone would write it for tfjs: its own operations and optimizer, nothing of Longtail. */
import * as tf from '@tensorflow/tfjs-core';

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

function convolution(inputs: number, outputs: number, strides: number): Layer {
  const deviation = Math.sqrt(2 / (9 * inputs));
  const filter = tf.variable(
    tf.randomNormal([3, 3, inputs, outputs], 0, deviation, 'float32', 1),
  ) as tf.Variable<tf.Rank.R4>;
  if (strides === 1) return (x) => tf.conv2d(x, filter, 1, 'same');
  const around = [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ] as [number, number][]; // tfjs-node knows no padding by number
  return (x) => tf.conv2d(tf.pad(x, around), filter, strides, 'valid');
}

function batchNorm(channels: number): Layer {
  const [scale, offset] = [tf.variable(tf.ones([channels])), tf.variable(tf.zeros([channels]))];
  const [runningMean, runningVariance] = [tf.zeros([channels]), tf.ones([channels])].map((x) =>
    tf.variable(x, false),
  );
  const move = (running: tf.Variable, batch: tf.Tensor) =>
    running.assign(tf.add(tf.mul(running, 0.9), tf.mul(batch, 0.1)));
  return (x) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    move(runningMean!, mean);
    move(runningVariance!, variance);
    return tf.batchNorm(
      x,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      1e-5,
    ) as tf.Tensor4D;
  };
}

function block(inputs: number, outputs: number): Layer {
  const strides = inputs === outputs ? 1 : 2;
  const [conv1, norm1] = [convolution(inputs, outputs, strides), batchNorm(outputs)];
  const [conv2, norm2] = [convolution(outputs, outputs, 1), batchNorm(outputs)];
  const more = (outputs - inputs) / 2;
  const shortcut: Layer = (x) =>
    strides === 1
      ? x
      : tf.pad4d(tf.avgPool(x, 1, 2, 'valid'), [
          [0, 0],
          [0, 0],
          [0, 0],
          [more, more],
        ]);
  return (x) => tf.relu(tf.add(norm2(conv2(tf.relu(norm1(conv1(x))))), shortcut(x)));
}

/** @returns one step on a random batch, and its loss */
export function plainResNet32(batch: number): () => tf.Scalar {
  const images: tf.Tensor4D = tf.randomNormal([batch, 32, 32, 3], 0, 1, 'float32', 1);
  const labels = tf.tensor1d(
    Int32Array.from({ length: batch }, (_, i) => i % 10),
    'int32',
  );
  const [conv, norm] = [convolution(3, 16, 1), batchNorm(16)];
  const blocks = [16, 32, 64].flatMap((outputs, stage) =>
    Array.from({ length: 5 }, (_, i) => block(stage > 0 && i === 0 ? outputs / 2 : outputs, outputs)),
  );
  const weights = tf.variable(tf.randomNormal([64, 10], 0, 0.1, 'float32', 1)) as tf.Variable<tf.Rank.R2>;
  const bias = tf.variable(tf.zeros([10]));
  const optimizer = tf.train.momentum(0.1, 0.9);
  const onehot = tf.oneHot(labels, 10);
  const loss = () => {
    const last = blocks.reduce((x, layer) => layer(x), tf.relu(norm(conv(images))));
    const logits = tf.add(tf.matMul(tf.mean(last, [1, 2]) as tf.Tensor2D, weights), bias);
    return tf.losses.softmaxCrossEntropy(onehot, logits) as tf.Scalar;
  };
  return () => optimizer.minimize(loss, true)!;
}
