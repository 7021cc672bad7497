/** What is no loss fails the suite of losses, each mutant at the checks that are meant for it. */
import '@tensorflow/tfjs';
import { LongtailError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { crossEntropy, type Loss } from '../src/index.ts';
import type { Labels } from '../src/loss.ts';
import { EPOCHS } from '../src/testing/evaluate.ts';
import * as learning from '../src/testing/learning.ts';
import * as numeric from '../src/testing/numeric.ts';

beforeAll(() => tf.setBackend('cpu'));

const cross = crossEntropy();
const scalar = (value: tf.Tensor) => value as tf.Scalar;
/** Refuses soft targets as a loss must, so that only what is wrong is. */
const hard =
  (run: (z: tf.Tensor2D, labels: tf.Tensor1D, step: number) => tf.Tensor): Loss =>
  (z, labels, { step = 0 }) => {
    if (labels.rank === 2) throw new LongtailError('it needs int32 labels, but got soft targets.');
    return tf.tidy(() => scalar(run(z, labels as tf.Tensor1D, step)));
  };
const onehot = (labels: tf.Tensor1D, z: tf.Tensor2D) => tf.cast(tf.oneHot(labels, z.shape[1]), 'float32');
const calls = { count: 0 };

/** Weights by the labels of the batch itself, 1 / n. */
function byBatch(z: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor {
  const own = onehot(labels, z);
  const weights = tf.div(1, tf.sum(tf.mul(own, tf.sum(own, 0)), 1));
  return tf.neg(tf.mean(tf.mul(weights, tf.sum(tf.mul(tf.logSoftmax(z), own), 1))));
}

const CHECKS: Readonly<Record<string, (loss: Loss, epoch: number) => void>> = {
  isRepeatable: numeric.isRepeatable,
  hasItsGradient: numeric.hasItsGradient,
  isFiniteFarOut: numeric.isFiniteFarOut,
  takesAnyCounts: (loss, epoch) => numeric.takesAnyCounts(() => loss, epoch),
  keepsToTargets: (loss) => numeric.keepsToTargets(() => loss, { soft: false }),
  learnsFromLabels: learning.learnsFromLabels,
  prefersRight: learning.prefersRight,
  isMean: learning.isMean,
  keepsRowsApart: learning.keepsRowsApart,
};

const held = tf.zeros([1]);
const MUTANTS: [name: string, loss: Loss, fails: string[]][] = [
  ['a loss', hard((z, labels) => cross(z, labels, { epoch: 0 })), []],
  ['z.sum()', hard((z) => tf.sum(z)), ['learnsFromLabels', 'prefersRight', 'isMean']],
  ['-z.mean()', hard((z) => tf.neg(tf.mean(z))), ['learnsFromLabels']],
  ['a constant', hard(() => tf.scalar(1)), ['learnsFromLabels', 'prefersRight']],
  [
    'the entropy, which sees no label',
    hard((z) => tf.neg(tf.mean(tf.sum(tf.mul(tf.softmax(z), tf.logSoftmax(z)), 1)))),
    ['learnsFromLabels', 'prefersRight'],
  ],
  [
    'log sum exp, which sees no label',
    hard((z) => tf.mean(tf.logSumExp(z, 1))),
    ['learnsFromLabels', 'prefersRight'],
  ],
  [
    'the labels of other rows',
    hard((z, labels) => cross(z, tf.reverse(labels), { epoch: 0 })),
    ['learnsFromLabels', 'prefersRight', 'keepsRowsApart'],
  ],
  ['a sum', hard((z, labels) => tf.mul(cross(z, labels, { epoch: 0 }), z.shape[0])), ['isMean']],
  [
    'logits less the mean of the batch',
    hard((z, labels) => cross(tf.sub(z, tf.mul(0.5, tf.mean(z, 0))), labels, { epoch: 0 })),
    ['keepsRowsApart'],
  ],
  ['weights by the labels of the batch', hard(byBatch), ['isMean', 'keepsRowsApart']],
  [
    'the hardest row alone',
    hard((z, labels) => tf.max(tf.neg(tf.sum(tf.mul(tf.logSoftmax(z), onehot(labels, z)), 1)))),
    ['keepsRowsApart'],
  ],
  [
    'a naive logarithm',
    hard((z, labels) =>
      tf.neg(
        tf.mean(tf.log(tf.sum(tf.mul(tf.div(tf.exp(z), tf.sum(tf.exp(z), 1, true)), onehot(labels, z)), 1))),
      ),
    ),
    ['isFiniteFarOut'],
  ],
  [
    'a slope of its own',
    hard((z, labels) =>
      tf.customGrad((x, save) => {
        (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
        return {
          value: cross(x as tf.Tensor2D, labels, { epoch: 0 }),
          gradFunc: (_: tf.Tensor, [saved]: tf.Tensor[]) =>
            tf.mul(2 / 3, tf.sub(tf.softmax(saved as tf.Tensor2D), onehot(labels, saved as tf.Tensor2D))),
        };
      })(z),
    ),
    ['hasItsGradient'],
  ],
  [
    'another each time',
    hard((z, labels) => tf.mul(cross(z, labels, { epoch: 0 }), 1 + ++calls.count / 100)),
    ['isRepeatable', 'hasItsGradient'],
  ],
  [
    'tensors left behind',
    (z, labels: Labels, options) => {
      tf.keep(tf.clone(held));
      return hard((x, y) => cross(x, y, { epoch: 0 }))(z, labels, options);
    },
    ['isRepeatable', 'keepsToTargets'],
  ],
  ['soft targets in silence', (z) => scalar(tf.mean(z)), ['keepsToTargets']],
];

it.each(MUTANTS)('%s', (_, loss, fails) => {
  const failed = Object.entries(CHECKS).filter(([, check]) =>
    EPOCHS.some((epoch) => {
      try {
        check(loss, epoch);
        return false;
      } catch {
        return true;
      }
    }),
  );
  const names = failed.map(([name]) => name);
  if (fails.length === 0) expect(names).toEqual([]);
  else expect(names).toEqual(expect.arrayContaining(fails));
});

it('weights that a class without images makes infinite', () => {
  const make = (counts: Int32Array): Loss =>
    hard((z, labels) => tf.mul(cross(z, labels, { epoch: 0 }), tf.max(tf.div(1, tf.tensor1d(counts)))));
  expect(() => numeric.takesAnyCounts(make, 0)).toThrow();
});

it('no check is failed by none', () => {
  const caught = new Set(['takesAnyCounts', ...MUTANTS.flatMap(([, , fails]) => fails)]);
  expect(Object.keys(CHECKS).filter((name) => !caught.has(name))).toEqual([]);
});
