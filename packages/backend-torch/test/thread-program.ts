/** A worker that loads the engine for itself, trains a small network by gradients, and posts what came of it. */
import '@tensorflow/tfjs';
import { parentPort, workerData } from 'node:worker_threads';
import { conv2dGeneral, normal, sparseCrossEntropy } from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { liveHandles, registerTorchBackend } from '../src/index.ts';

export interface Trained {
  readonly losses: number[];
  readonly product: number[];
  readonly left: number;
}

export async function train(library: string): Promise<Trained> {
  registerTorchBackend({ library });
  await tf.setBackend('torch');
  const before = liveHandles();
  const [filter, grouped, weights] = tf.tidy(() => [
    tf.variable(normal([3, 3, 3, 8], { seed: 1, deviation: 0.3 })),
    tf.variable(normal([3, 3, 4, 8], { seed: 4, deviation: 0.3 })),
    tf.variable(normal([8, 4], { seed: 2 })),
  ]) as [tf.Variable<tf.Rank.R4>, tf.Variable<tf.Rank.R4>, tf.Variable<tf.Rank.R2>];
  const images = normal([16, 8, 8, 3], { seed: 3 }) as tf.Tensor4D;
  const labels = tf.tensor1d(
    Array.from({ length: 16 }, (_, i) => i % 4),
    'int32',
  );
  const optimizer = sgd([filter, grouped, weights]);
  const losses = Array.from({ length: 30 }, () => {
    const loss = optimizer.minimize(
      () => {
        const first = tf.relu(conv2dGeneral(images, filter, { padding: 1 }));
        const second = tf.relu(conv2dGeneral(first, grouped, { padding: 1, groups: 2 }));
        const features = tf.mean(second, [1, 2]) as tf.Tensor2D;
        return tf.mean(sparseCrossEntropy(tf.matMul(features, weights), labels)) as tf.Scalar;
      },
      { learningRate: 0.1 },
    );
    const [value] = loss.dataSync();
    loss.dispose();
    return value!;
  });
  const product = tf.tidy(() => Array.from(tf.matMul(weights, weights, true).dataSync()));
  optimizer.dispose();
  tf.dispose([filter, grouped, weights, images, labels]);
  return { losses, product, left: liveHandles() - before };
}

if (parentPort) parentPort.postMessage(await train(workerData as string));
