/** A thousand steps of a small ResNet-like block; prints what is held, and what the process takes, as it goes. */
import '@tensorflow/tfjs';
import {
  batchNormTrain,
  conv2dGeneral,
  imagesFromBytes,
  normal,
  sparseCrossEntropy,
} from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { liveHandles, registerTorchBackend } from '../src/index.ts';

export interface Held {
  readonly step: number;
  readonly handles: number;
  readonly tensors: number;
  /** Bytes: of the process but for V8's heap, and of V8's heap once it is collected. */
  readonly native: number;
  readonly heap: number;
}

registerTorchBackend({ library: process.argv[2]! });
await tf.setBackend('torch');
const [steps, every] = [1000, 100];
const channels = 16;
const vector = (value: number) => tf.variable(tf.fill([channels], value)) as tf.Variable<tf.Rank.R1>;
const filters = [3, channels].map(
  (inputs, i) =>
    tf.variable(normal([3, 3, inputs, channels], { seed: i, deviation: 0.1 })) as tf.Variable<tf.Rank.R4>,
);
const norms = filters.map(() => ({
  scale: vector(1),
  offset: vector(0),
  runningMean: vector(0),
  runningVariance: vector(1),
}));
const weights = tf.variable(normal([channels, 10], { seed: 9, deviation: 0.1 })) as tf.Variable<tf.Rank.R2>;
const optimizer = sgd([...filters, ...norms.flatMap(({ scale, offset }) => [scale, offset]), weights]);

function step(at: number): number {
  const bytes = Uint8Array.from({ length: 8 * 16 * 16 * 3 }, (_, i) => (i * 31 + at) % 256);
  return tf.tidy(() => {
    const images = imagesFromBytes(bytes, [8, 16, 16, 3], { mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] });
    const labels = tf.tensor1d(
      Array.from({ length: 8 }, (_, i) => (i + at) % 10),
      'int32',
    );
    const loss = () => {
      const first = batchNormTrain(conv2dGeneral(images, filters[0]!, { padding: 1 }), norms[0]!, {
        activation: 'relu',
      });
      const pooled = tf.maxPool(first, 2, 2, 'valid');
      const y = batchNormTrain(
        conv2dGeneral(pooled, filters[1]!, { padding: 1 }),
        { ...norms[1]!, residual: pooled },
        { activation: 'relu' },
      );
      return tf.mean(
        sparseCrossEntropy(tf.matMul(tf.mean(y, [1, 2]) as tf.Tensor2D, weights), labels),
      ) as tf.Scalar;
    };
    return optimizer.minimize(loss, { learningRate: 0.01 }).dataSync()[0]!;
  });
}

for (let at = 1; at <= steps; at++) {
  if (!Number.isFinite(step(at))) throw new Error(`the loss of step ${at} is not finite`);
  if (at % every) continue;
  globalThis.gc!();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  const held: Held = {
    step: at,
    handles: liveHandles(),
    tensors: tf.memory().numTensors,
    native: rss - heapTotal,
    heap: heapUsed,
  };
  console.log(JSON.stringify(held));
}
