/** A batch in parts takes the step of the whole batch in the memory of a part, whatever the loss looks at. */
import { type Backbone, cifarResNet, type Stage, trainable } from '@longtail/backbones';
import { UsageError } from '@longtail/core';
import type { Batch } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { cosineHead, type Head, linearHead } from '@longtail/heads';
import { imagesFromBytes, normal } from '@longtail/kernels';
import { sgd } from '@longtail/optim';
import { drawn, toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { lossNames } from '../src/loss-names.ts';
import { findLoss } from '../src/losses.ts';
import { withSettings } from '../src/settings.ts';
import { trainStep } from '../src/train-step.ts';
import recipe from './folder-recipe.ts';

beforeAll(async () => {
  await loadEngine({ backend: 'wasm' }); // with the gradients of everything
  await tf.setBackend('cpu');
});

const COUNTS = Int32Array.of(500, 40, 9, 3);
const { statistics } = recipe;

function batchOf(count: number): Batch {
  const shape = [count, 12, 12, 3] as const;
  const pixels = Uint8Array.from(drawn('pictures', count * 12 * 12 * 3, [0, 255]));
  const labels = Int32Array.from({ length: count }, (_, i) => (i * i) % COUNTS.length);
  return { pixels, shape, labels, indices: labels, skipped: [], end: count };
}

/** Two convolutions: a picture's features do not depend on the other pictures. */
function withoutNorms(): Backbone {
  const filter = (shape: number[], key: string) =>
    tf.tidy(() => tf.variable(normal(shape, { seed: 1, keys: [key], deviation: 0.3 })));
  const trained = [filter([3, 3, 3, 6], 'a'), filter([3, 3, 6, 5], 'b')] as tf.Variable<tf.Rank.R4>[];
  const stages: Stage[] = [{ name: 'both', trainable: trained, statistics: [] }];
  return {
    name: 'without norms',
    featureDim: 5,
    weights: new Map(trained.map((variable, i) => [`conv${i}.weight`, variable])),
    stages,
    features: (images) =>
      tf.tidy(() => {
        const map = trained.reduce((x, w) => tf.relu(tf.conv2d(x, w, 1, 'same')), images);
        return tf.mean(map, [1, 2]) as tf.Tensor2D;
      }),
    dispose: () => tf.dispose(trained),
  };
}

interface Trained {
  readonly losses: number[];
  readonly hits: number[];
  readonly weights: Float32Array[];
}
const valuesOf = ({ weights }: Backbone, head: Head): Float32Array[] =>
  [...weights.values(), ...head.weights.values()].map((w) => w.dataSync<'float32'>() as Float32Array);

/** Three steps on a batch of 11. */
async function train(lossName: string, microBatch: number): Promise<Trained> {
  const { default: make, logits } = await findLoss(lossName);
  const loss = make(COUNTS, { epochs: 10, seed: 0 });
  const backbone = withoutNorms();
  const joint = (logits === 'cosine' ? cosineHead : linearHead)({ featureDim: 5, numClasses: 4, seed: 0 });
  const optimizer = sgd([...trainable(backbone), ...joint.trainable], { weightDecay: 1e-3 });
  const how = { statistics, backbone, joint, loss, optimizer, learningRate: 0.02, microBatch, epoch: 9 };
  const done = [0, 1, 2].map((step) => trainStep(batchOf(11), { ...how, step }));
  const found = {
    losses: done.map((one) => one.loss),
    hits: done.map((one) => one.hits),
    weights: valuesOf(backbone, joint),
  };
  for (const part of [optimizer, joint, backbone]) part.dispose();
  return found;
}

describe('a batch in parts', () => {
  it.each(lossNames)('takes the step of the whole batch, %s', async (name) => {
    const before = tf.memory().numTensors;
    const whole = await train(name, 0);
    for (const microBatch of [4, 1]) {
      const parts = await train(name, microBatch);
      // Sums over the pictures in another order; what divides by the loss' small numbers amplifies them.
      toBeCloseTo(parts.losses, whole.losses, { relative: 1e-5 });
      expect(parts.hits).toEqual(whole.hits);
      for (const [i, weight] of parts.weights.entries())
        toBeCloseTo(weight, whole.weights[i]!, { absolute: 1e-6, relative: 1e-5 });
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('shows batch norms the parts: the step and statistics of losses taken one after the other', () => {
    const [batch, sizes] = [batchOf(11), [3, 4, 4]];
    const step = (run: (backbone: Backbone, head: Head) => void): Float32Array[] => {
      const backbone = cifarResNet({ depth: 8, width: 4, seed: 0 });
      const joint = linearHead({ featureDim: backbone.featureDim, numClasses: 4, seed: 0 });
      run(backbone, joint);
      const values = valuesOf(backbone, joint);
      for (const part of [joint, backbone]) part.dispose();
      return values;
    };
    const loss = (logits: tf.Tensor2D, labels: tf.Tensor) =>
      tf.losses.softmaxCrossEntropy(tf.oneHot(labels as tf.Tensor1D, 4), logits) as tf.Scalar;
    const inParts = step((backbone, joint) => {
      const optimizer = sgd([...trainable(backbone), ...joint.trainable]);
      const how = { statistics, backbone, joint, loss, optimizer, learningRate: 0.1, epoch: 0, step: 0 };
      trainStep(batch, { ...how, microBatch: 4 });
      optimizer.dispose();
    });
    const byHand = step((backbone, joint) => {
      const optimizer = sgd([...trainable(backbone), ...joint.trainable]);
      const losses = sizes.map((size, i) => () => {
        const begin = sizes.slice(0, i).reduce((sum, one) => sum + one, 0);
        const pixels = batch.pixels.subarray(begin * 432, (begin + size) * 432);
        const x = imagesFromBytes(pixels, [size, 12, 12, 3], statistics);
        const labels = tf.tensor1d(batch.labels.subarray(begin, begin + size), 'int32');
        return loss(joint.logits(backbone.features(x, { training: true })), labels);
      });
      optimizer.minimize(losses, { learningRate: 0.1, sizes }).dispose();
      optimizer.dispose();
    });
    for (const [i, values] of inParts.entries()) toBeCloseTo(values, byHand[i]!, { relative: 1e-5 });
  });

  it('takes the memory of a part', async () => {
    const peak = async (count: number, microBatch: number): Promise<number> => {
      const backbone = cifarResNet({ depth: 8, width: 4, seed: 0 });
      const joint = linearHead({ featureDim: backbone.featureDim, numClasses: 4, seed: 0 });
      const optimizer = sgd([...trainable(backbone), ...joint.trainable]);
      const loss = (logits: tf.Tensor2D) => tf.mean(tf.square(logits)) as tf.Scalar;
      const how = { statistics, backbone, joint, loss, optimizer, learningRate: 0.1, epoch: 0, step: 0 };
      const { numBytes } = tf.memory();
      const { peakBytes } = await tf.profile(() => void trainStep(batchOf(count), { ...how, microBatch }));
      for (const part of [optimizer, joint, backbone]) part.dispose();
      return peakBytes - numBytes;
    };
    const part = await peak(4, 0);
    expect(await peak(32, 4)).toBeLessThan(1.5 * part); // and the sum of the gradients so far
    expect(await peak(32, 0)).toBeGreaterThan(6 * part);
  });

  it('is an option of every recipe, off if nothing is said', () => {
    expect(withSettings(recipe, []).microBatch).toBe(0);
    expect(withSettings(recipe, ['microBatch=64']).microBatch).toBe(64);
    for (const wrong of ['microBatch=1.5', 'microBatch=-1', 'microBatch=all'])
      expect(() => withSettings(recipe, [wrong])).toThrow(UsageError);
  });
});
