/** The tests that every head pass which is learned from the joint one by batches. */
import { InputError } from '@longtail/core';
import { toBeCloseTo } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  cosineHead,
  type FeatureBatches,
  type Head,
  linearFrom,
  type TrainHeadOptions,
} from '../src/index.ts';
import { batchesOf, counts, DIM, firstRows, startWeights } from './long-tail.ts';

/** @param of n_c of the classes that the batches hold */
export type Learn = (
  joint: Head,
  batches: FeatureBatches,
  options: TrainHeadOptions & { of: readonly number[] },
) => Promise<Head>;

const withNone = [...counts, 0];

async function logitsOf(
  learn: Learn,
  { weight, bias, of, batches }: ReturnType<typeof startWeights> & { of: number[]; batches: FeatureBatches },
): Promise<number[][]> {
  const joint = linearFrom('joint', { weight, bias });
  const head = await learn(joint, batches, { of });
  const logits = tf.tidy(() => head.logits(firstRows(40)).arraySync());
  for (const one of [joint, head]) one.dispose();
  return logits;
}

export function describeFromJoint(name: string, learn: Learn): void {
  describe(`${name}, learned from the joint head`, () => {
    it('does not care for the order of classes, one of which has one row, and one none', async () => {
      const order = [3, 5, 0, 4, 1, 2]; // the new name of each class
      const plain = await logitsOf(learn, { ...startWeights(6), of: withNone, batches: batchesOf() });
      for (const value of plain.flat()) expect(Number.isFinite(value)).toBe(true);
      const places = order.map((_, c) => order.indexOf(c));
      const { weight, bias } = startWeights(6);
      const renamed = await logitsOf(learn, {
        weight: tf.gather(weight, places),
        bias: tf.gather(bias, places),
        of: places.map((c) => withNone[c]!),
        batches: batchesOf((label) => order[label]!),
      });
      tf.dispose([weight, bias]);
      // sums over the classes in another order, in each of the steps
      toBeCloseTo(
        renamed.flatMap((row) => order.map((c) => row[c]!)),
        plain.flat(),
        { relative: 1e-5 },
      );
    });

    it('gives finite scores where a row of the joint head is zero', async () => {
      const { weight, bias } = startWeights();
      const mask = tf.tensor2d([1, 1, 0, 1, 1], [5, 1]);
      const found = await logitsOf(learn, {
        weight: tf.mul(weight, mask),
        bias,
        of: [...counts],
        batches: batchesOf(),
      });
      tf.dispose([weight, mask]);
      for (const value of found.flat()) expect(Number.isFinite(value)).toBe(true);
    });

    it('leaves the joint head as it was, and no tensor when it fails or is stopped', async () => {
      const joint = linearFrom('joint', startWeights());
      const held = [...joint.weights.values()].map((value) => [...value.dataSync()]);
      const before = tf.memory().numTensors;
      const stopped = { of: counts, signal: AbortSignal.abort(new Error('stopped')) };
      await expect(learn(joint, batchesOf(), stopped)).rejects.toThrow('stopped');
      const broken: FeatureBatches = () => [
        {
          features: tf.tensor2d([0, 0, 0, 0, 0, Number.NaN, 0, 0], [2, DIM]),
          labels: tf.tensor1d([0, 1], 'int32'),
        },
      ];
      await expect(learn(joint, broken, { of: counts })).rejects.toThrow(
        'the features of step 0 must be finite',
      );
      await expect(learn(joint, broken, { of: counts })).rejects.toThrow('row 1 (from 0)');
      expect(tf.memory().numTensors).toBe(before);
      (await learn(joint, batchesOf(), { of: counts })).dispose();
      expect([...joint.weights.values()].map((value) => [...value.dataSync()])).toEqual(held);
      joint.dispose();
    });

    it('refuses a cosine head', async () => {
      const cosine = cosineHead({ featureDim: DIM, numClasses: 5, seed: 0 });
      const refused = learn(cosine, batchesOf(), { of: counts });
      await expect(refused).rejects.toThrow(InputError);
      await expect(refused).rejects.toThrow('needs a linear head');
      cosine.dispose();
    });
  });
}
