/** What scales the rows of a linear head takes no other head; rows and scores that are none are told or kept. */
import '@tensorflow/tfjs';
import { InputError } from '@longtail/core';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseTau, cosineHead, type Head, linearFrom, linearHead, lws, ncm, tauNorm } from '../src/index.ts';

beforeAll(useTestBackend);

const sizes = { featureDim: 2, numClasses: 2, seed: 0 };
const x = tf.tensor2d([1, 1], [1, 2]);
const batches = () => [{ features: tf.clone(x), labels: tf.tensor1d([1], 'int32') }];
const rows = (head: Head) => [...head.weights.get('weight')!.dataSync()];

describe('a head that is not linear', () => {
  const makers: Record<string, () => Promise<Head>> = {
    cosine: async () => cosineHead(sizes),
    lws: async () => lws(linearHead(sizes), batches, { epochs: 1 }),
    "a stranger's": async () => ({ ...linearHead(sizes), isLinear: false, name: 'squared' }),
  };

  it.each(Object.keys(makers))(
    '%s: neither tauNorm, chooseTau nor lws makes another classifier of it',
    async (key) => {
      const head = await makers[key]!();
      const before = tf.memory().numTensors;
      const refused = [
        () => tauNorm(head, { tau: 0.5 }),
        () => chooseTau(head, x, { score: () => 1 }),
        () => lws(head, batches, { epochs: 1 }),
      ];
      for (const run of refused) {
        const found = (async () => run())();
        await expect(found).rejects.toThrow(InputError);
        await expect(found).rejects.toThrow(
          /^\w+ needs a linear head, .* but \w+ is none; .*linearFrom.*\.$/,
        );
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('is one of its weights when its maker says so', () => {
    const cosine = cosineHead(sizes);
    const weight = tf.clone(cosine.weights.get('weight')!) as tf.Tensor2D;
    const tau = tauNorm(linearFrom('joint', { weight }), { tau: 1 });
    rows(tau).forEach((w, i) => expect(w).toBeCloseTo(rows(cosine)[i]!, 5));
  });
});

describe('tauNorm of a row of zeros', () => {
  it.each([0, 0.5, 1, 2, 10])('keeps it, and every score is finite: tau %f', (tau) => {
    const weight = tf.tensor2d([3, 4, 0, 0], [2, 2]);
    const head = tauNorm(linearFrom('joint', { weight }), { tau });
    const [first, second] = head.logits(x).dataSync();
    expect(first).toBeCloseTo(7 / 5 ** tau, 5);
    expect(second).toBe(0);
    expect(rows(head).slice(2)).toEqual([0, 0]);
  });
});

describe('chooseTau', () => {
  it('names the tau whose score is no number', () => {
    const joint = linearHead(sizes);
    const before = tf.memory().numTensors;
    const scores = [0.5, Number.NaN];
    const choose = () => chooseTau(joint, x, { taus: [0, 0.3], score: () => scores.shift()! });
    expect(choose).toThrow('the score at tau 0.3 must be a finite number, but it is NaN.');
    scores.push(Number.POSITIVE_INFINITY);
    expect(choose).toThrow(InputError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('ncm of one class', () => {
  it('has its mean, and a score for every feature', () => {
    const head = ncm(tf.tensor2d([1, 2, 3, 4], [2, 2]), [0, 0], { numClasses: 1, kind: 'un' });
    expect([...head.weights.get('means')!.dataSync()]).toEqual([2, 3]);
    expect([...head.logits(x).dataSync()]).toEqual([-5]);
  });
});
