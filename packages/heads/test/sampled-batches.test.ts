/** Batches that are drawn from a tensor, and LWS by logits that are computed once: the same head as by batches of features. */
import '@tensorflow/tfjs';
import { InputError, random } from '@longtail/core';
import { normal } from '@longtail/kernels';
import { toBeCloseTo } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  crt,
  type FeatureBatches,
  type Head,
  type HeadLoss,
  type LwsOptions,
  linearHead,
  lws,
  marc,
  sampledBatches,
} from '../src/index.ts';
import { crossEntropy } from '../src/train-head.ts';

beforeAll(useTestBackend);

const [ROWS, CLASSES, DIM] = [70, 3, 4];
const labels = Int32Array.from({ length: ROWS }, (_, i) => (i * i) % CLASSES);
const sampler = {
  indices: (epoch: number) => random(0, epoch).shuffle(Int32Array.from({ length: ROWS }, (_, i) => i)),
};
const features = () => normal([ROWS, DIM], { seed: 0 }) as tf.Tensor2D;
const scaleOf = (head: Head) => head.weights.get('scale')!.dataSync();

describe('sampledBatches', () => {
  it('gives full batches of the rows that are drawn, in their order', () => {
    const x = features();
    const batches = [...sampledBatches(x, labels, { sampler, batchSize: 32 })(3)];
    expect(batches.length).toBe(2);
    const drawn = sampler.indices(3);
    for (const [i, batch] of batches.entries()) {
      const own = drawn.subarray(32 * i, 32 * (i + 1));
      expect([...batch.labels.dataSync()]).toEqual([...own].map((row) => labels[row]));
      const expected = tf.tidy(() => tf.gather(x, own).dataSync());
      expect(batch.features.dataSync()).toEqual(expected);
      tf.dispose([batch.features, batch.labels]);
    }
    x.dispose();
  });

  it('makes one batch of an epoch that is shorter than one', () => {
    const x = features();
    const [batch, ...others] = sampledBatches(x, labels, { sampler })(0);
    expect([batch!.features.shape, others.length]).toEqual([[ROWS, DIM], 0]);
    tf.dispose([x, batch!.features, batch!.labels]);
  });

  it('refuses labels that are too few, and a row that is not there', () => {
    const x = features();
    expect(() => sampledBatches(x, labels.subarray(1), { sampler })).toThrow(
      'sampledBatches needs a label for each row of features, but got 69 for 70.',
    );
    const beyond = { indices: () => [0, ROWS] };
    expect(() => [...sampledBatches(x, labels, { sampler: beyond })(0)]).toThrow(InputError);
    x.dispose();
  });
});

/** The same batches, of which nobody knows what they are drawn from. */
const unknown =
  (batches: FeatureBatches): FeatureBatches =>
  (epoch) =>
    batches(epoch);

describe('lws of sampled batches', () => {
  async function both(options: LwsOptions): Promise<[Head, Head]> {
    const x = features();
    const joint = linearHead({ featureDim: DIM, numClasses: CLASSES, seed: 0 });
    const batches = sampledBatches(x, labels, { sampler, batchSize: 16 });
    const before = tf.memory().numTensors;
    const [once, byRow] = [await lws(joint, batches, options), await lws(joint, unknown(batches), options)];
    expect(tf.memory().numTensors).toBe(before + 6); // a weight, a bias and a scale each
    for (const tensor of [x, joint]) tensor.dispose();
    return [once, byRow];
  }

  it.each<[string, LwsOptions]>([
    ['by default', {}],
    ['with fewer draws than rows', { epochs: 1 }],
    ['with a head that moves', { headRate: 0.1 }],
    ['with a loss of its own', { loss: crossEntropy }],
    ['with a rate of its own', { rates: { scale: 0.5 }, schedule: 'official' }],
  ])('learns the same scales %s', async (_, options) => {
    const [once, byRow] = await both(options);
    toBeCloseTo(scaleOf(once), scaleOf(byRow)); // the bias is added in another place of the sum
    for (const head of [once, byRow]) head.dispose();
  });

  it('computes logits once: no product of matrices a step', async () => {
    const x = features();
    const joint = linearHead({ featureDim: DIM, numClasses: CLASSES, seed: 0 });
    const batches = sampledBatches(x, labels, { sampler, batchSize: 16 });
    const products = async (drawn: FeatureBatches) => {
      const { kernelNames, kernels } = await tf.profile(async () => {
        (await lws(joint, drawn, { epochs: 2 })).dispose();
        return tf.scalar(0);
      });
      expect(kernelNames).toContain('SparseCrossEntropy');
      return kernels.filter(({ name }) => ['BatchMatMul', 'Linear', '_FusedMatMul'].includes(name)).length;
    };
    const steps = 2 * Math.floor(ROWS / 16);
    expect(await products(unknown(batches))).toBe(steps);
    expect(await products(batches)).toBeLessThanOrEqual(2); // a Linear, and the product that it may be made of
    for (const tensor of [x, joint]) tensor.dispose();
  });

  it('names the batch of a row that is not finite, and leaves nothing behind', async () => {
    const x = tf.tidy(() => tf.concat2d([tf.fill([1, DIM], Number.NaN), tf.ones([ROWS - 1, DIM])], 0));
    const joint = linearHead({ featureDim: DIM, numClasses: CLASSES, seed: 0 });
    const inOrder = { indices: () => Int32Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i) };
    const batches = sampledBatches(x, labels, { sampler: inOrder, batchSize: 35 });
    const before = tf.memory().numTensors;
    await expect(lws(joint, batches)).rejects.toThrow(
      /^the features of step 1 must be finite numbers, but row 34 /,
    );
    await expect(lws(joint, batches, { epochs: 0 })).rejects.toThrow(InputError);
    expect(tf.memory().numTensors).toBe(before);
    for (const tensor of [x, joint]) tensor.dispose();
  });

  it('refuses features of another width than the head', async () => {
    const x = tf.ones<tf.Rank.R2>([ROWS, DIM + 1]);
    const joint = linearHead({ featureDim: DIM, numClasses: CLASSES, seed: 0 });
    const before = tf.memory().numTensors;
    await expect(lws(joint, sampledBatches(x, labels, { sampler }))).rejects.toThrow(
      'the head is of 4 features, [N, 4], but got features [70,5].',
    );
    expect(tf.memory().numTensors).toBe(before);
    for (const tensor of [x, joint]) tensor.dispose();
  });
});

describe('marc of sampled batches', () => {
  it('learns the same head, also by a loss that looks at the features', async () => {
    const x = features();
    const joint = linearHead({ featureDim: DIM, numClasses: CLASSES, seed: 0 });
    const batches = sampledBatches(x, labels, { sampler, batchSize: 16 });
    const seen: number[] = [];
    const loss: HeadLoss = (logits, classes, { features: own }) => {
      seen.push(own.shape[1]!);
      const weigh = tf.mean(tf.square(own));
      return tf.mul(crossEntropy(logits, classes), weigh);
    };
    const before = tf.memory().numTensors;
    const [once, byRow] = [
      await marc(joint, batches, { loss }),
      await marc(joint, unknown(batches), { loss }),
    ];
    expect(tf.memory().numTensors).toBe(before + 4); // a weight and a bias each
    for (const [name, value] of once.weights)
      toBeCloseTo(value.dataSync(), byRow.weights.get(name)!.dataSync()); // the bias is added in another place of the sum
    expect(new Set(seen)).toEqual(new Set([DIM]));
    tf.dispose([x]);
    for (const head of [joint, once, byRow]) head.dispose();
  });
});

it('crt learns from them as from any batches', async () => {
  const x = features();
  const sizes = { featureDim: DIM, numClasses: CLASSES, seed: 0, epochs: 2 };
  const batches = sampledBatches(x, labels, { sampler, batchSize: 16 });
  const [sampled, plain] = [await crt(batches, sizes), await crt(unknown(batches), sizes)];
  for (const [name, value] of sampled.weights)
    expect(value.dataSync()).toEqual(plain.weights.get(name)!.dataSync());
  for (const one of [x, sampled, plain]) one.dispose();
});
