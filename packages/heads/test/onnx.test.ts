/** What onnxruntime makes of the files, beside the classifiers that they come from. */
import '@tensorflow/tfjs';
import { maxDifference } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, expect, it } from 'vitest';
import {
  centre,
  classifier,
  cosineHead,
  type FeatureTransform,
  type Head,
  l2,
  linearHead,
  lws,
  ncm,
  pca,
  standardise,
  toOnnx,
  tukey,
} from '../src/index.ts';
import { EVERY_HEAD, problem } from './every-head.ts';

beforeAll(() => tf.setBackend('cpu'));

const values = Float32Array.from({ length: 40 }, (_, i) => 3 * Math.sin(1.7 * i) + (i % 3));
const features = tf.tensor2d(values.fill(0, 36), [10, 4]); // the last row is zeros
const labels = Array.from({ length: 10 }, (_, i) => i % 3);
const sizes = { featureDim: 4, numClasses: 3, seed: 1 };

const trainedLws = async (): Promise<Head> => {
  const joint = linearHead(sizes);
  const batch = () => [{ features: tf.clone(features), labels: tf.tensor1d(labels, 'int32') }];
  const head = await lws(joint, batch, { epochs: 3 });
  joint.dispose();
  return head;
};

const project: FeatureTransform = [{ kind: 'project', values: values.slice(0, 16), shape: [4, 4] }];

it.each<[string, () => Head | Promise<Head>, FeatureTransform]>([
  ['linear', () => linearHead(sizes), []],
  ['linear, without bias', () => linearHead({ ...sizes, bias: false }), [...centre(features), ...l2()]],
  ['cosine', () => cosineHead(sizes), standardise(features)],
  ['lws', trainedLws, tukey({ power: 0.7 })],
  ['ncm', () => ncm(features, labels, { numClasses: 3 }), project],
  [
    'linear of whitened components',
    () => linearHead({ ...sizes, featureDim: 2 }),
    pca(features, { components: 2, whiten: true }),
  ],
  ['ncm by cosine', () => ncm(features, labels, { numClasses: 3, kind: 'l2n', distance: 'cosine' }), []],
  ['ncm as they are', () => ncm(features, labels, { numClasses: 4, kind: 'un' }), []], // class 3 has no row
])('%s', async (_, make, transform) => {
  await expectSame(await make(), transform, features);
});

it.each(Object.entries(EVERY_HEAD))('%s, of the table of all heads', async (_, { make }) => {
  const of = problem([16, 9, 5, 1]);
  await expectSame(await make(of), standardise(of.features), of.features);
});

it.each([
  ['unit', 25],
  ['raw', 3],
] as const)('cosine of %s features, of scale %d', async (norm, scale) => {
  await expectSame(cosineHead({ ...sizes, scale, features: norm }), [], features);
});

/** Of all rows and of the last alone. */
async function expectSame(head: Head, transform: FeatureTransform, features: tf.Tensor2D): Promise<void> {
  const [total] = features.shape;
  const counts = [90, 9, 1, 5].slice(0, head.numClasses);
  const scaling = {
    scale: Float32Array.from(counts, (_, c) => 1 + c / 10),
    offset: Float32Array.from(counts, (_, c) => c - 1),
  };
  const made = classifier({ head, counts, transform, temperature: 1.5, scaling, prior: 'uniform' });
  const session = await InferenceSession.create(toOnnx(made));
  for (const rows of [1, total]) {
    const some = tf.tidy(() => tf.slice(features, [total - rows, 0], [rows, 4]));
    const given = new Tensor('float32', Float32Array.from(some.dataSync()), [rows, 4]);
    const { scores, probabilities } = await session.run({ features: given });
    expect(scores!.dims).toEqual([rows, head.numClasses]);
    const finite = (data: ArrayLike<number>) =>
      Array.from(data, (v) => (v === Number.NEGATIVE_INFINITY ? -1e3 : v));
    const logits = finite(made.logits(some).dataSync());
    // float32 sums in another order
    const scale = logits.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
    expect(maxDifference(finite(scores!.data as Float32Array), logits)).toBeLessThan(2e-6 * scale);
    expect(
      maxDifference(probabilities!.data as Float32Array, made.probabilities(some).dataSync()),
    ).toBeLessThan(1e-5);
  }
  await session.release();
  made.dispose();
}

it('keeps names and counts, and refuses heads that it cannot write', () => {
  const made = classifier({ head: linearHead(sizes), classNames: ['a', 'é', 'c'], counts: [3, 2, 1] });
  const file = Buffer.from(toOnnx(made)).toString('utf8');
  expect(file).toContain('["a","é","c"]');
  expect(file).toContain('[3,2,1]');
  const { isLinear: _, ...mine } = linearHead(sizes);
  expect(() => toOnnx(classifier({ head: { ...mine, name: 'mine' }, counts: [3, 2, 1] }))).toThrow(
    'mine is of none that it names',
  );
  made.dispose();
});
