import { LongtailError } from '@longtail/core';
import { type ArgumentRow, testArguments } from '@longtail/test-support';
import '@tensorflow/tfjs';
import { useTestBackend } from '@longtail/test-support/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import * as losses from '../src/index.ts';

beforeAll(useTestBackend);

const logits = tf.tensor2d([0.3, -0.2, 0.5, 0.1, 0.9, -0.4], [2, 3]);
const labels = tf.tensor1d([2, 0], 'int32');
const features = tf.ones([2, 4]) as tf.Tensor2D;
const counts = [100, 10, 1];
const weights = [1, 2, 3];

/** A loss's value at a batch, at epochs before and after any switch. */
const valuesOf = (loss: losses.Loss, ...[z, y, options]: Parameters<losses.Loss>): number[] =>
  [0, 200].map((epoch) =>
    tf.tidy(() => loss(z, y, isOptions(options) ? { ...options, epoch } : options).dataSync()[0]!),
  );
const isOptions = (options: unknown): options is losses.LossOptions =>
  Object.getPrototypeOf(Object(options)) === Object.prototype;

/** How a loss is made. */
const made =
  (make: (...given: never[]) => losses.Loss) =>
  (...given: never[]): number[] =>
    valuesOf(make(...given), logits, labels, { step: 1, features } as losses.LossOptions);

/** What a loss is given. */
const given = (loss: losses.Loss): ArgumentRow => [
  (...[z, y, options]: Parameters<losses.Loss>) => valuesOf(loss, z, y, options),
  logits,
  labels,
  { step: 1, features },
];

const mixed =
  (mix: (...given: never[]) => losses.MixedBatch<tf.Tensor>) =>
  (...given: never[]) =>
    tf.tidy(() => {
      const { images, targets, share, partners } = mix(...given);
      return [images.dataSync(), targets.dataSync(), share, partners];
    });

const { crossEntropy, ldam, weightedCrossEntropy } = losses;

testArguments(
  {
    balancedSoftmax: [made(losses.balancedSoftmax), counts],
    cdt: [made(losses.cdt), counts, { gamma: 0.1 }],
    classBalanced: [
      made(losses.classBalanced),
      counts,
      { beta: 0.9, form: 'focal', gamma: 1, divisor: 'count' },
    ],
    costSensitive: [made(losses.costSensitive), counts, { gamma: 1 }],
    crossEntropy: [made(crossEntropy), { smoothing: 0.1 }],
    drw: [made(losses.drw), counts, () => crossEntropy(), { beta: 0.9, startEpoch: 100 }],
    effectiveNumberWeights: [losses.effectiveNumberWeights, counts, { beta: 0.9 }],
    equalization: [
      made(losses.equalization),
      counts,
      { form: 'softmax', gamma: 0.9, threshold: 0.1, seed: 0 },
    ],
    focal: [made(losses.focal), { gamma: 2, weights, form: 'softmax' }],
    gcl: [made(losses.gcl), counts, { amplitude: 0.5, margin: 0.1, scale: 30, gamma: 1, weights, seed: 0 }],
    grw: [made(losses.grw), counts, { rho: 1.2 }],
    influenceBalanced: [
      made(losses.influenceBalanced),
      counts,
      { alpha: 10, startEpoch: 100, epsilon: 1e-3 },
    ],
    labelAwareSmoothing: [
      made(losses.labelAwareSmoothing),
      counts,
      { head: 0.4, tail: 0.1, shape: 'exponential', power: 2 },
    ],
    labelAwareEpsilons: [
      losses.labelAwareEpsilons,
      counts,
      { head: 0.4, tail: 0.1, shape: 'exponential', power: 2 },
    ],
    ladeCrossEntropy: [made(losses.ladeCrossEntropy), counts],
    ldam: [made(ldam), counts, { maxMargin: 0.5, scale: 30, weights }],
    ldamMargins: [losses.ldamMargins, counts, { maxMargin: 0.5 }],
    logitAdjusted: [made(losses.logitAdjusted), counts, { tau: 1 }],
    weightedCrossEntropy: [made(weightedCrossEntropy), weights],
    adjustLogits: [
      (...all: Parameters<typeof losses.adjustLogits>) => losses.adjustLogits(...all).dataSync(),
      logits,
      counts,
      { tau: 1 },
    ],
    pcSoftmax: [
      (...all: Parameters<typeof losses.pcSoftmax>) => losses.pcSoftmax(...all).dataSync(),
      logits,
      counts,
      { target: [1, 1, 1] },
    ],
    mixup: [mixed(losses.mixup), features, [0, 1], { numClasses: 3, alpha: 1, seed: 0, step: 0 }],
    remix: [
      mixed(losses.remix),
      features,
      [0, 1],
      counts,
      { alpha: 1, kappa: 3, tau: 0.5, seed: 0, step: 0 },
    ],
    remixShare: [losses.remixShare, 0.3, { own: 5, other: 1 }, { kappa: 3, tau: 0.5 }],
    'a cross-entropy': given(crossEntropy()),
    'a smoothed one': given(crossEntropy({ smoothing: 0.1 })),
    'a weighted one': given(weightedCrossEntropy(weights)),
    'a focal loss': given(losses.focal()),
    'a focal loss of sigmoids': given(losses.focal({ form: 'sigmoid', weights })),
    'an LDAM': given(ldam(counts)),
    'a GCL': given(losses.gcl(counts)),
    'an equalisation': given(losses.equalization(counts)),
    'an equalisation of sigmoids': given(losses.equalization(counts, { form: 'sigmoid' })),
    'an influence-balanced loss': given(losses.influenceBalanced(counts)),
    'a DRW': given(losses.drw(counts, (w) => ldam(counts, { weights: w }))),
    'a balanced softmax': given(losses.balancedSoftmax(counts)),
  } satisfies Record<string, ArgumentRow>,
  {
    isTyped: (error) => error instanceof LongtailError,
    wrong: [
      tf.scalar(1),
      tf.zeros([2]),
      tf.zeros([2, 5]),
      tf.zeros([3, 3]),
      tf.zeros([2, 3, 1]),
      tf.zeros([2], 'int32'),
    ],
  },
);
