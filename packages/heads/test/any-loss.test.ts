/** A linear, a cosine or a normed head by any loss: the loss is a function that training takes. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { copied, finished } from '../src/from-joint.ts';
import {
  type CosineOptions,
  cosineFrom,
  cosineHead,
  crt,
  type FeatureBatches,
  type Head,
  linearFrom,
  trainHead,
} from '../src/index.ts';
import { describeHead } from '../src/testing.ts';
import { describeFromJoint } from './from-joint.ts';
import { adjusted, expectGolden } from './learned.ts';
import { batchesOf, CLASSES, DIM, startWeights } from './long-tail.ts';

beforeAll(() => tf.setBackend('cpu'));

const even = adjusted(1, [20, 20, 20]);
describeHead('linear by balanced softmax', ({ batches }) =>
  crt(batches, { featureDim: 4, numClasses: 3, seed: 0, epochs: 5, loss: even }),
);
describe.each<Required<CosineOptions>>([
  { scale: 10, features: 'unit' },
  { scale: 2, features: 'raw' },
])('%o', (how) => {
  describeHead('cosine by a logit-adjusted loss', async ({ batches }) => {
    const head = cosineHead({ featureDim: 4, numClasses: 3, seed: 0, ...how });
    await trainHead(head, batches, { epochs: 20, loss: even });
    return head;
  });
});

describeFromJoint('balanced softmax', async (joint, batches, { of, ...options }) => {
  const head = linearFrom('a', copied(joint, { of: 'a head' }), { trainable: true });
  return finished(head, batches, { ...options, loss: adjusted(1, of) });
});
describe.each(['unit', 'raw'] as const)('%s features', (norm) => {
  describeFromJoint('cosine by balanced softmax', async (joint, batches, { of, ...options }) => {
    const { weight, bias } = copied(joint, { of: 'a head' });
    bias?.dispose();
    const head = cosineFrom('a', { weight }, { trainable: true, scale: 5, features: norm });
    return finished(head, batches, { ...options, learningRate: 0.02, loss: adjusted(1, of) });
  });
});

const cosineOf = (how: CosineOptions): Head => {
  const { weight, bias } = startWeights();
  bias.dispose();
  return cosineFrom('start', { weight }, { trainable: true, ...how });
};

describe('trained with the prior in the loss, as plain PyTorch', () => {
  it.each([
    ['balancedSoftmax', () => linearFrom('start', startWeights(), { trainable: true }), 1, 0.2],
    ['logitAdjusted', () => linearFrom('start', startWeights(), { trainable: true }), 1.5, 0.2],
    ['cosine', () => cosineOf({ scale: 25 }), 1, 0.02],
    ['normed', () => cosineOf({ scale: 10, features: 'raw' }), 1, 0.02],
  ] as const)('%s', async (name, start, tau, learningRate) => {
    const losses: number[] = [];
    const head = start();
    await trainHead(head, batchesOf(), {
      learningRate,
      loss: adjusted(tau),
      onEpoch: (_, loss) => losses.push(loss),
    });
    expectGolden(name, head, losses);
    head.dispose();
  });
});

it('trained by soft targets, of rows mixed with one another, as plain PyTorch', async () => {
  const mixed: FeatureBatches = function* () {
    for (const { features, labels } of batchesOf()()) {
      const mix = (rows: tf.Tensor) =>
        tf.add<tf.Tensor2D>(tf.mul(rows, 0.7), tf.mul(tf.reverse(rows, 0), 0.3));
      yield tf.tidy(() => ({
        features: mix(features),
        labels: mix(tf.oneHot(labels as tf.Tensor1D, CLASSES, 1, 0, 'float32')),
      }));
      tf.dispose([features, labels]);
    }
  };
  const losses: number[] = [];
  const head = linearFrom('start', startWeights(), { trainable: true });
  await trainHead(head, mixed, { onEpoch: (_, loss) => losses.push(loss) });
  expectGolden('mixedUp', head, losses);
  head.dispose();
});

it('a loss is told the epoch, the step through all epochs, and the features', async () => {
  const told: [number, number, number[]][] = [];
  const loss = (
    logits: tf.Tensor2D,
    _: unknown,
    how: { epoch: number; step: number; features: tf.Tensor },
  ) => {
    told.push([how.epoch, how.step, how.features.shape]);
    return tf.mean(logits) as tf.Scalar;
  };
  const options = { featureDim: DIM, numClasses: CLASSES, seed: 0, epochs: 2, loss };
  (await crt(batchesOf(), options)).dispose();
  const shape = [512, DIM];
  expect(told).toEqual([[0, 0, shape], [0, 1, shape], [1, 2, shape], [1, 3, shape]]); // biome-ignore format: one a line is long
});

it('names the row of features that is not finite, or the step whose loss is not', async () => {
  const head = linearFrom('start', startWeights(), { trainable: true });
  const before = tf.memory().numTensors;
  const broken = () => [
    {
      features: tf.tensor2d([[1, 2, 3, 4], [1, 2, 3, Number.NaN]]), // biome-ignore format: two rows
      labels: tf.tensor1d([0, 1], 'int32'),
    },
  ];
  await expect(trainHead(head, broken)).rejects.toThrow(
    'the features of step 0 must be finite numbers, but row 1 (from 0) holds NaN or an infinity',
  );
  head.dispose();
  const other = linearFrom('start', startWeights(), { trainable: true });
  const loss = (z: tf.Tensor2D) => tf.mul(tf.mean(z), Number.NaN) as tf.Scalar;
  const refused = trainHead(other, batchesOf(), { loss });
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow('that of step 0, in epoch 0, is NaN; try a lower learningRate.');
  other.dispose();
  expect(tf.memory().numTensors).toBe(before - 2);
});

describe('a cosine head of a scale', () => {
  const rows = tf.tensor2d([[3, 4], [0, 0]]); // biome-ignore format: two rows
  const weight = () => tf.tensor2d([[2, 0], [0, 0.5], [0, 0]]); // biome-ignore format: three rows

  it.each<[CosineOptions, number[]]>([
    [{}, [0.6, 0.8, 0]],
    [{ scale: 10 }, [6, 8, 0]],
    [{ scale: 10, features: 'raw' }, [30, 40, 0]],
  ])('%o multiplies cosines, or the features along each direction', (how, expected) => {
    const head = cosineFrom('a', { weight: weight() }, how);
    toBeCloseTo(head.logits(rows).dataSync(), [...expected, 0, 0, 0]);
    head.dispose();
  });

  it.each([{ scale: 0 }, { scale: Number.NaN }, { features: 'l2' }])('of %o is refused', (how) => {
    const sizes = { featureDim: 2, numClasses: 3, seed: 0 };
    expect(() => cosineHead({ ...sizes, ...(how as CosineOptions) })).toThrow(InputError);
  });
});

it('batches that are read as they are asked for train as those at hand', async () => {
  const read: FeatureBatches = async function* () {
    for (const batch of batchesOf()()) {
      await new Promise((later) => setTimeout(later, 1));
      yield batch;
    }
  };
  const how = { featureDim: DIM, numClasses: CLASSES, seed: 0, epochs: 2 };
  const before = tf.memory().numTensors;
  const heads = [await crt(read, how), await crt(batchesOf(), how)];
  const [one, other] = heads.map((head) => head.weights.get('weight')!.dataSync());
  expect(one).toEqual(other);
  for (const head of heads) head.dispose();
  expect(tf.memory().numTensors).toBe(before);
  const broken: FeatureBatches = async function* () {
    yield* batchesOf()();
    throw new InputError('the file ends here');
  };
  await expect(crt(broken, how)).rejects.toThrow('the file ends here');
  expect(tf.memory().numTensors).toBe(before);
});
