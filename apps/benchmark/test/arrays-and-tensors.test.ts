/** An array where a tensor is wanted, and the other way: a sentence that says what it is and how to make it the other. */
import { asLabels, classCounts, InputError } from '@longtail/core';
import { loadEngine } from '@longtail/engine';
import { cosineHead, type Head, linearFrom, linearHead, ncm, trainHead } from '@longtail/heads';
import { sparseCrossEntropy } from '@longtail/kernels';
import { balancedSoftmax, crossEntropy, mixup, weightedCrossEntropy } from '@longtail/losses';
import { argmax, evaluate, gini } from '@longtail/metrics';
import { classAware, classBalanced, weightedBy } from '@longtail/samplers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';

beforeAll(async () => {
  await loadEngine({ backend: 'wasm' }); // registers tfjs's own
  await tf.setBackend('cpu');
});

const labels = [0, 1, 2];
const counts = [9, 4, 1];
const y = tf.tensor1d(labels, 'int32');
const x = tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2]);
const z = tf.zeros<tf.Rank.R2>([3, 3]);
const sizes = { featureDim: 2, numClasses: 3, seed: 0 };
const loss = crossEntropy();
const train = (batch: object) =>
  trainHead(linearHead(sizes), () => [{ features: tf.clone(x), labels: tf.clone(y), ...batch }] as never, {
    epochs: 1,
  });
const logits = (head: Head, features: unknown) => head.logits(features as tf.Tensor2D);

const TENSOR = 'it is a tensor int32 [3]; give its values, `await tensor.data()`.';
const MAKE = 'make it one by tf.tensor';
const wrong = (value: unknown) => value as never;

it.each<[string, () => unknown, string]>([
  ['asLabels', () => asLabels(wrong(y)), TENSOR],
  ['classCounts', () => classCounts(wrong(y)), TENSOR],
  ['classBalanced', () => classBalanced(wrong(y), { seed: 0 }), TENSOR],
  ['classAware', () => classAware(wrong(y), { seed: 0 }), TENSOR],
  ['weightedBy', () => weightedBy(labels, { seed: 0, classWeights: wrong(y) }), TENSOR],
  ['argmax', () => argmax(wrong(y), { numClasses: 3 }), TENSOR],
  ['evaluate, predictions', () => evaluate(wrong(y), labels, counts), TENSOR],
  ['evaluate, labels', () => evaluate(labels, wrong(y), counts), TENSOR],
  ['evaluate, counts', () => evaluate(labels, labels, wrong(y)), TENSOR],
  ['gini', () => gini(wrong(y)), TENSOR],
  ['ncm, labels', () => ncm(x, wrong(y), { numClasses: 3 }), TENSOR],
  ['balancedSoftmax', () => balancedSoftmax(wrong(y)), TENSOR],
  ['weightedCrossEntropy', () => weightedCrossEntropy(wrong(y)), TENSOR],
  ['mixup, labels', () => mixup(x, wrong(y), { numClasses: 3, step: 0 }), TENSOR],

  ['ncm, features', () => ncm(wrong([[1, 2]]), [0], { numClasses: 1 }), `${MAKE}2d.`],
  [
    'ncm, a flat array',
    () => ncm(wrong(new Float32Array(4)), [0, 0], { numClasses: 1 }),
    'a Float32Array of 4',
  ],
  ['linearFrom', () => linearFrom('a', { weight: wrong([[1]]) }), `${MAKE}2d.`],
  ['logits of a linear head', () => logits(linearHead(sizes), [[1, 2]]), `${MAKE}2d.`],
  ['logits of a cosine head', () => logits(cosineHead(sizes), [[1, 2]]), `${MAKE}2d.`],
  ['logits of NCM', () => logits(ncm(x, labels, { numClasses: 3 }), [[1, 2]]), `${MAKE}2d.`],
  ['a loss, logits', () => loss(wrong([[1, 2, 3]]), y, { epoch: 0 }), `${MAKE}2d.`],
  [
    'a loss, labels',
    () => loss(z, wrong(labels), { epoch: 0 }),
    "an array of 3; make it one by tf.tensor1d(labels, 'int32').",
  ],
  [
    'a loss, a typed array',
    () => loss(z, wrong(Int32Array.from(labels)), { epoch: 0 }),
    'an Int32Array of 3; make it one',
  ],
  [
    'a loss, labels of floats',
    () => loss(z, tf.tensor1d(labels), { epoch: 0 }),
    'got float32 [3]; cast it by labels.toInt().',
  ],
  ['mixup, images', () => mixup(wrong([[1, 2]]), [0], { numClasses: 1, step: 0 }), `${MAKE}.`],
  [
    'sparseCrossEntropy',
    () => sparseCrossEntropy(z, wrong(labels)),
    'but got float32 [3,3] and an array of 3.',
  ],
  [
    'trainHead, labels',
    () => train({ labels }),
    "labels of a batch must be an int32 tensor of rank 1, but it is an array of 3; make it one by tf.tensor1d(..., 'int32').",
  ],
  [
    'trainHead, labels of floats',
    () => train({ labels: tf.tensor1d(labels) }),
    'but it is float32 [3]; cast it by toInt().',
  ],
  ['trainHead, no labels', () => train({ labels: undefined }), 'but it is undefined.'],
  ['trainHead, features', () => train({ features: [[1, 2]] }), `${MAKE}2d.`],
])('%s', async (_, run, message) => {
  const before = tf.memory().numTensors;
  const found = (async () => run())();
  await expect(found).rejects.toThrow(InputError);
  await expect(found).rejects.toThrow(message);
  await expect(found).rejects.toThrow(/^[^\n]{10,400}\.$/);
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(4); // the heads that a row makes, no batch
});
