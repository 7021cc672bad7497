/** Against outputs of the official code, and on real features. */
import '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maxDifference, readNpy, sharedOrSkip } from '@longtail/test-support';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { chooseTau, type FeatureKind, type Head, linearFrom, ncm, TAUS, tauNorm } from '../src/index.ts';

beforeAll(useTestBackend);

function load(
  context: TestContext,
  folder: string,
): (name: string) => { data: ArrayLike<number>; tensor: () => tf.Tensor } {
  const root = sharedOrSkip(context, folder);
  return (name) => {
    const { data, shape } = readNpy(join(root, `${name}.npy`));
    return { data, tensor: () => tf.tensor(Float32Array.from(data), shape) };
  };
}

function accuracy(logits: tf.Tensor2D, labels: ArrayLike<number>): number {
  const predictions = Array.from(tf.tidy(() => tf.argMax(logits, 1).dataSync()));
  return predictions.reduce((hits, c, i) => hits + (c === labels[i] ? 1 : 0), 0) / labels.length;
}

/** The mean of the classes' accuracies, which the official tau script prints. */
function meanOfClasses(logits: tf.Tensor2D, labels: ArrayLike<number>): number {
  const predictions = tf.tidy(() => tf.argMax(logits, 1).dataSync());
  const [hits, seen] = [new Map<number, number>(), new Map<number, number>()];
  predictions.forEach((c, i) => {
    const label = labels[i]!;
    seen.set(label, (seen.get(label) ?? 0) + 1);
    if (c === label) hits.set(label, (hits.get(label) ?? 0) + 1);
  });
  return [...seen].reduce((sum, [c, n]) => sum + (hits.get(c) ?? 0) / n, 0) / seen.size;
}

describe('the official code', () => {
  it.for<FeatureKind>(['un', 'l2n', 'cl2n'])('gives the same NCM logits for %s features', (kind, context) => {
    const npy = load(context, 'reference/heads');
    tf.tidy(() => {
      for (const [distance, name] of [
        ['l2', 'l2'],
        ['cosine', 'cos'],
      ] as const) {
        const labels = npy('train_labels').data;
        const head = ncm(npy('train_features').tensor() as tf.Tensor2D, labels, {
          numClasses: 60,
          kind,
          distance,
        });
        const logits = head.logits(npy('test_features').tensor() as tf.Tensor2D).dataSync();
        const expected = npy(`ncm_${kind}_${name}_logits`).data;
        const scale = Math.max(...Array.from(expected, Math.abs));
        // float32 sums of 48 products and of up to a few hundred features, in another order
        expect(maxDifference(logits, expected)).toBeLessThan(2e-5 * scale);
        head.dispose();
      }
    });
  });

  it('gives the same tau sweep', (context) => {
    const npy = load(context, 'reference/heads');
    const { tau: expected } = JSON.parse(
      readFileSync(sharedOrSkip(context, 'reference/heads/expected.json'), 'utf8'),
    ) as {
      tau: { tau: number; mean_per_class: number }[];
    };
    tf.tidy(() => {
      const joint = linearFrom('joint', {
        weight: npy('weight').tensor() as tf.Tensor2D,
        bias: npy('bias').tensor() as tf.Tensor1D,
      });
      const labels = npy('test_labels').data;
      const { scores, tau } = chooseTau(joint, npy('test_features').tensor() as tf.Tensor2D, {
        score: (logits) => meanOfClasses(logits, labels),
      });
      expect(expected.map((row) => row.tau)).toEqual(TAUS.map((t) => expect.closeTo(t, 9)));
      // printed there with two decimals, in percent
      expected.forEach((row, i) =>
        expect(Math.abs(scores[i]! * 100 - row.mean_per_class)).toBeLessThan(0.00501),
      );
      expect(tau).toBe(TAUS[scores.indexOf(Math.max(...scores))]);
      joint.dispose();
    });
  });
});

it('a published CIFAR-10-LT network: joint 66.42 %, tau 68.46 to 70.50 %, NCM 72.12 %', (context) => {
  const npy = load(context, 'data/features');
  tf.tidy(() => {
    const labels = npy('cifar10_test_labels').data;
    const test = npy('cifar10_test_features').tensor() as tf.Tensor2D;
    const percent = (head: Head) => Number((100 * accuracy(head.logits(test), labels)).toFixed(2));
    const joint = linearFrom('joint', { weight: npy('cifar10_lt100_joint_weight').tensor() as tf.Tensor2D });
    expect(percent(joint)).toBe(66.42);
    expect([0.5, 1, 1.5, 2].map((tau) => percent(tauNorm(joint, { tau })))).toEqual([
      68.46, 69.94, 70.5, 70.44,
    ]);
    const train = npy('cifar10_lt100_train_features').tensor() as tf.Tensor2D;
    expect(percent(ncm(train, npy('cifar10_lt100_train_labels').data, { numClasses: 10 }))).toBe(72.12);
  });
});
